"""Why a run did not publish everything, in one line each."""

from datetime import date
from pathlib import Path

import pytest

from orchestration.audit import Audit, CheckResult, Delivery
from orchestration.partitions import Window
from orchestration.runs import _misplaced, _reasons
from orchestration.settings import Settings

FIRST, SECOND = date(2024, 3, 1), date(2024, 3, 2)
LINES = "raw/generic/order_lines"


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    book = Audit(tmp_path / "audit.sqlite")
    path = f"generic/order_lines/{FIRST}/lines.csv"
    lines = Delivery(path, "generic", "order_lines", FIRST, "lines.csv", "h", "l", 1, 1, 0, 0, 0, "loaded")
    book.record_deliveries([lines], [])
    return book


def check(run: str, day: date = FIRST, asset: str = LINES, passed: bool = False) -> CheckResult:
    return CheckResult(run, day, asset, "content__ids_are_unique", "error", passed, "1 failing row", "none", 1)


def reasons(audit: Audit, run: str, day: date) -> list[str]:
    return list(_reasons(audit, run, Window(day, day), {}))


def test_a_run_that_went_on_without_a_held_date_says_so(audit: Audit) -> None:
    audit.record_checks([check("first")])
    assert reasons(audit, "second", SECOND) == [
        f"held: {LINES} of {FIRST} is left out until its gate passes: "
        "deliver the corrected export and run that day again"
    ]


def test_a_date_that_is_blocked_in_this_run_is_told_once(audit: Audit) -> None:
    audit.record_checks([check("first")])
    [line] = reasons(audit, "first", FIRST)
    assert line.startswith(f"blocked: {LINES} on {FIRST} (lines.csv): content__ids_are_unique: found 1 failing row")


def test_a_date_whose_gate_passes_now_is_not_mentioned(audit: Audit) -> None:
    audit.record_checks([check("first")])
    audit.record_checks([check("second", passed=True)])
    assert reasons(audit, "third", SECOND) == []


def test_a_file_where_no_run_looks_is_named(tmp_path: Path) -> None:
    file = tmp_path / "inbox" / "generic" / "orderlines" / str(FIRST) / "lines.csv"
    file.parent.mkdir(parents=True)
    file.touch()
    [line] = _misplaced(Settings(home=tmp_path))
    assert line.startswith(f"misplaced: generic/orderlines/{FIRST}/lines.csv: ")
    good = tmp_path / "inbox" / "generic" / "order_lines" / str(FIRST) / "lines.csv"
    good.parent.mkdir(parents=True)
    file.rename(good)
    assert list(_misplaced(Settings(home=tmp_path))) == []
