"""What a wrong delivery does to a run: what is good goes on, what is stopped is named, a correction repairs it."""

from datetime import date

import pytest

from tests.conftest import Installation

FIRST, SECOND = date(2024, 3, 1), date(2024, 3, 2)
ORDER_LINES = """\
order_id,order_line_id,account_id,product_id,product_name,quantity,paid_amount,order_status,created_at,paid_at
O1,L1,buyer-1,P1,Cream,1,10.00,completed,2024-03-01 10:00:00,2024-03-01 10:01:00
O2,L2,buyer-2,P2,Serum,2,50.00,completed,2024-03-01 11:00:00,2024-03-01 11:01:00
"""
WITHOUT_AMOUNTS = "order_id,order_line_id,quantity,order_status,created_at\nO3,L3,1,completed,2024-03-01 12:00:00\n"
REFUND = """\
refund_id,order_line_id,refund_amount,refund_status,refund_type,applied_at,refunded_at
R4,L1,{amount},succeeded,refund_only,2024-03-02 09:00:00,2024-03-02 10:00:00
"""


@pytest.fixture(scope="module")
def shop(install) -> Installation:
    return install(SIYU_START_DATE=str(FIRST))


def deliver(shop: Installation, dataset: str, day: date, name: str, content: str) -> None:
    file = shop.home / "inbox" / "generic" / dataset / str(day) / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)


def reasons(output: str) -> list[str]:
    return [line for line in output.splitlines() if line.startswith(("refused:", "blocked:", "held:", "failed:"))]


def test_wrong_deliveries_are_named_and_stop_what_they_must(shop):
    deliver(shop, "order_lines", FIRST, "good.csv", ORDER_LINES)
    deliver(shop, "order_lines", FIRST, "bad.csv", WITHOUT_AMOUNTS)
    [line] = reasons(shop.siyu("run", "--day", str(FIRST), expect=1))
    assert line.startswith("refused: generic/order_lines/2024-03-01/bad.csv: ") and "paid_amount" in line
    assert shop.rows("select order_line_id from marts.order_lines order by 1") == [("L1",), ("L2",)]
    good = shop.hashes()

    deliver(shop, "refunds", SECOND, "refunds.csv", REFUND.format(amount="30.00"))
    [line] = reasons(shop.siyu("run", "--day", str(SECOND), expect=1))
    assert line.startswith("blocked: marts/refunds on 2024-03-02: refunds__never_exceed_what_was_paid: ")
    assert "refund_id=R4" in line and "order_line_id=L1" in line
    assert shop.hashes() == good
    failed = "select check_name from audit.check_results where not passed and severity = 'error'"
    assert shop.rows(failed) == [("refunds__never_exceed_what_was_paid",)]

    deliver(shop, "refunds", SECOND, "refunds.csv", REFUND.format(amount="3.00"))
    assert reasons(shop.siyu("run", "--day", str(SECOND))) == []
    assert [str(amount) for (amount,) in shop.rows("select counted_amount from marts.refunds")] == ["3.00"]
    assert "refunds__never_exceed_what_was_paid" not in shop.siyu("status")
