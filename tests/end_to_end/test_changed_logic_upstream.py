"""Logic changes far upstream of what was reported, while deliveries come: only what these concern is made anew."""

from datetime import date

import pytest

from orchestration.transform.rebase import COMPARING
from tests.end_to_end.checkout import FIRST, SECOND, THIRD, Checkout

pytestmark = pytest.mark.long

NINTH, TENTH = date(2024, 3, 9), date(2024, 3, 10)
DAYS_OF_SALES = """-- One row per day with sales.
{{ table_by_day(days='sales_days', day='business_date') }}
{{ due_days(days='sales_days', day='business_date') }}
"""


def test_logic_far_upstream_leaves_reported_days_too_and_deliveries_make_their_own_days_due(checkout: Checkout) -> None:
    """What was a sale is a gift now: no reported day would have one, and the second would be no day of sales."""
    checkout.deliver(SECOND, "o3,l3,cara,p1,1,50.00,paid,2024-03-20 11:00:00,2024-03-20 11:01:00")
    (checkout.models / "marts/orders/days_of_sales.sql").write_text(DAYS_OF_SALES)
    checkout.siyu("run", "--from", str(FIRST), "--to", str(SECOND))
    assert checkout.sales() == {FIRST: 100, SECOND: 50}

    # In the same run: less than 200 is a gift, a line of the tenth comes late, and a model is no more.
    checkout.change(
        "models/intermediate/orders/int_order_lines_unioned.sql", "payable_amount = 0", "payable_amount < 200"
    )
    (checkout.models / "marts/orders/days_of_sales.sql").unlink()
    checkout.deliver(THIRD, "o4,l4,dora,p1,1,500.00,paid,2024-03-10 11:00:00,2024-03-10 11:01:00")
    told = checkout.siyu("run", "--day", str(THIRD))
    assert COMPARING in told
    assert "kpi__fast_daily: 9 days (2024-03-01 to 2024-03-09) were built by logic" in told
    assert "kpi__sales_daily: 2 days (2024-03-01 to 2024-03-20) were built by logic" in told
    assert checkout.sales() == {FIRST: 100, TENTH: 500, SECOND: 50}
    purchased = checkout.purchased()
    assert [purchased[day] for day in (FIRST, NINTH, TENTH, SECOND, THIRD)] == [1, 1, 1, 1, 1]  # anna, then dora alone
    assert not checkout.asked("select 1 from audit.built_days where table_name = 'days_of_sales'")
    assert not checkout.asked("select 1 from information_schema.tables where table_name = 'days_of_sales'")

    again = checkout.siyu("run", "--day", str(THIRD))
    assert COMPARING not in again and checkout.purchased() == purchased

    replaced = checkout.siyu("run", "--from", str(NINTH), "--to", str(SECOND))
    assert "purchased_count 12 → 11" in replaced and "paid_amount 550.00 → 500.00" in replaced
    assert checkout.sales() == {FIRST: 100, TENTH: 500}
    # By today's logic nobody had bought before the tenth: no feed told of orders yet.
    assert (checkout.purchased()[FIRST], checkout.purchased()[NINTH]) == (1, None)
    checkout.siyu("verify", "--rebuild")
