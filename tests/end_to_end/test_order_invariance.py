"""State is a function of the set of deliveries: whatever the order and the number of runs, every table is the same."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.end_to_end.conftest import EVERYTHING, FIRST_DAY, LAST_DAY, span

pytestmark = pytest.mark.long

EARLY = span(FIRST_DAY, FIRST_DAY + timedelta(29))
MIDDLE = span(FIRST_DAY + timedelta(30), LAST_DAY - timedelta(3))
DAYS = [("run", "--day", str(LAST_DAY - timedelta(ago))) for ago in (2, 1, 0)]

LATE_AND_SHUFFLED = [DAYS[1], MIDDLE, DAYS[2], EARLY, DAYS[0]]


SOON, NEXT = LAST_DAY - timedelta(2), LAST_DAY - timedelta(1)  # run each on its own in the order above
LINE = "order_id,order_line_id,account_id,product_id,quantity,paid_amount,order_status,created_at,paid_at,updated_at"
REFUND = "refund_id,order_line_id,refund_amount,refund_status,applied_at,refunded_at"
CONSENT = "account_id,purpose,granted_at,withdrawn_at"
ODDITIES = {
    # an order whose lines are paid on two days, re-exported with a newer status, then an older export that comes late
    ("order_lines", SOON, "a.csv"): [LINE, f"o1,l1,a,cup,1,100.00,paid,{SOON},{SOON},{SOON} 10:00:00"],
    ("order_lines", NEXT, "b.csv"): [
        LINE,
        f"o1,l1,a,cup,1,100.00,completed,{SOON},{SOON},{NEXT} 10:00:00",
        f"o1,l2,a,pan,2,300.00,paid,{NEXT},{NEXT},{NEXT} 10:00:00",
    ],
    ("order_lines", LAST_DAY, "late.csv"): [LINE, f"o1,l1,a,cup,1,90.00,placed,{SOON},,{SOON} 09:00:00"],
    # the same rows again, in another order under another name
    ("order_lines", LAST_DAY, "again.csv"): [
        LINE,
        f"o1,l2,a,pan,2,300.00,paid,{NEXT},{NEXT},{NEXT} 10:00:00",
        f"o1,l1,a,cup,1,100.00,completed,{SOON},{SOON},{NEXT} 10:00:00",
    ],
    # a refund that is older than the delivery of its line, and one of a line nobody knows
    ("refunds", SOON, "early.csv"): [
        REFUND,
        f"r1,l2,50.00,succeeded,{NEXT},{NEXT}",
        f"r2,never,1.00,succeeded,{SOON},{SOON}",
    ],
    # joined again without an export in between; a consent whose withdrawal a later export leaves blank
    ("members", SOON, "m.csv"): ["account_id,joined_at", f"a,{FIRST_DAY}"],
    ("members", LAST_DAY, "m.csv"): ["account_id,joined_at", f"a,{NEXT}"],
    ("consents", SOON, "c.csv"): [
        "account_id,purpose,granted_at,withdrawn_at",
        f"a,marketing_message,{FIRST_DAY},{NEXT}",
    ],
    ("consents", LAST_DAY, "c.csv"): [
        "account_id,purpose,granted_at,withdrawn_at",
        f"a,marketing_message,{FIRST_DAY},",
    ],
}


def _deliver_oddities(inbox: Path) -> None:
    for (dataset, day, name), lines in ODDITIES.items():
        folder = inbox / "generic" / dataset / date.isoformat(day)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("\n".join([*lines, ""]))


@pytest.fixture(scope="module")
def deliver(delivered):
    """The simulated brand, and what real shops add to it."""

    def make():
        installation = delivered()
        _deliver_oddities(installation.home / "inbox")
        return installation

    return make


@pytest.fixture(scope="module")
def in_one_run(deliver):
    """An installation that ran everything at once, and the hashes of its tables."""
    installation = deliver()
    installation.siyu(*EVERYTHING)
    return installation, installation.hashes()


def test_deliveries_that_come_late_and_shuffled_give_the_same_tables(deliver, in_one_run):
    installation = deliver()
    for run in LATE_AND_SHUFFLED:
        installation.siyu(*run)
    _, expected = in_one_run
    assert installation.hashes() == expected
    assert len(expected) > 20
    told = installation.rows(
        "select order_line_id, paid_amount, net_amount, order_status from marts.order_lines "
        "where platform = 'generic' order by 1"
    )
    assert told == [("l1", 100, 100, "completed"), ("l2", 300, 250, "paid")]


def test_a_second_run_changes_nothing(in_one_run):
    installation, expected = in_one_run
    before = _bytes(installation.home / "published" / "audiences")
    installation.siyu(*EVERYTHING)
    assert installation.hashes() == expected
    assert _bytes(installation.home / "published" / "audiences") == before != {}


def _bytes(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
