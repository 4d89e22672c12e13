"""A model's logic changes: what was reported stays until somebody asks, and who asks sees first what will change."""

from datetime import date

import pytest

from tests.end_to_end.checkout import FIRST, SECOND, THIRD, Checkout

pytestmark = pytest.mark.long

FIFTEENTH = date(2024, 3, 15)


def test_reported_days_stay_until_they_are_asked_for_and_then_are_shown_first(checkout: Checkout) -> None:
    checkout.deliver(THIRD, "o2,l2,ben,p1,1,50.00,paid,2024-03-21 11:00:00,2024-03-21 11:01:00")
    checkout.siyu("run", "--from", str(FIRST), "--to", str(SECOND))
    assert checkout.purchased()[SECOND] == 1

    # Whoever bought more than ten days ago is a buyer no more.
    checkout.change("dbt_project.yml", "aipl_purchase_days: 912", "aipl_purchase_days: 10")
    told = checkout.siyu("run", "--day", str(THIRD))
    assert "kpi__fast_daily: 20 days (2024-03-01 to 2024-03-20) were built by logic" in told
    assert (checkout.purchased()[SECOND], checkout.purchased()[THIRD]) == (1, 1)  # anna then, ben now

    (checkout.home / "warehouse" / "plan" / "complete").unlink()  # as a run that fails leaves it
    shown = checkout.siyu("run", "--day", str(SECOND), "--dry-run")
    assert "outputs.kpi__fast_daily" in shown and "purchased_count 1 → 0" in shown
    assert checkout.purchased()[SECOND] == 1

    told = checkout.launched(SECOND)
    assert "2024-03-20 stays as other logic built it in" in told and "with the tag siyu/replace: yes" in told
    assert (checkout.purchased()[SECOND], checkout.purchased()[FIFTEENTH]) == (1, 1)
    assert "stays as other logic" not in checkout.launched(FIFTEENTH, "siyu/replace=yes")
    assert (checkout.purchased()[SECOND], checkout.purchased()[FIFTEENTH]) == (1, 0)

    replaced = checkout.siyu("run", "--day", str(SECOND))
    assert "kpi__fast_daily: 2024-03-20 was built by logic" in replaced
    assert replaced.index("purchased_count 1 → 0") < replaced.index("Published:")
    assert checkout.purchased()[SECOND] == 0
    assert "kpi__fast_daily: 18 days" in replaced
