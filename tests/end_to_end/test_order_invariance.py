"""State is a function of the set of deliveries: whatever the order and the number of runs, every table is the same."""

from datetime import timedelta

import pytest

from tests.end_to_end.conftest import EVERYTHING, FIRST_DAY, LAST_DAY, span

EARLY = span(FIRST_DAY, FIRST_DAY + timedelta(59))
MIDDLE = span(FIRST_DAY + timedelta(60), LAST_DAY - timedelta(3))
DAYS = [("run", "--day", str(LAST_DAY - timedelta(ago))) for ago in (2, 1, 0)]

ORDERS = {
    "as the days went by": [EARLY, MIDDLE, *DAYS],
    "late and shuffled": [DAYS[1], MIDDLE, DAYS[2], EARLY, DAYS[0]],
}


@pytest.fixture(scope="module")
def in_one_run(delivered):
    installation = delivered()
    installation.siyu(*EVERYTHING)
    return installation.hashes()


@pytest.mark.parametrize("order", ORDERS)
def test_any_order_of_deliveries_gives_the_same_tables(order, delivered, in_one_run):
    installation = delivered()
    for run in ORDERS[order]:
        installation.siyu(*run)
    assert installation.hashes() == in_one_run
    assert len(in_one_run) > 20


def test_a_second_run_changes_nothing(delivered, in_one_run):
    installation = delivered()
    installation.siyu(*EVERYTHING)
    before = _bytes(installation.home / "published" / "audiences")
    installation.siyu(*EVERYTHING)
    assert installation.hashes() == in_one_run
    assert _bytes(installation.home / "published" / "audiences") == before != {}


def _bytes(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
