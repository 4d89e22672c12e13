"""What the book says of an installation, for people."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from orchestration.audit import Audit, CheckResult, Delivery
from orchestration.extract.contracts import load_contracts
from orchestration.extract.landing import reader_of
from orchestration.settings import Settings
from orchestration.status import overview, quarantined

FIRST, SECOND = date(2024, 3, 1), date(2024, 3, 2)


@pytest.fixture
def installation(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


@pytest.fixture
def audit(installation: Settings) -> Audit:
    return Audit(installation.audit_file)


def check(run: str, asset: str, day: date, passed: bool) -> CheckResult:
    return CheckResult(run, day, asset, "content__ids_are_unique", "error", passed, "1 failing row", "none", 1)


def delivered(name: str, day: date, rows_quarantined: int = 0) -> Delivery:
    path, loaded = f"generic/members/{day}/{name}", 9 - rows_quarantined
    return Delivery(path, "generic", "members", day, name, name, "l", 9, loaded, 0, 0, rows_quarantined, "loaded")


def blocked(installation: Settings) -> list[tuple[object, object]]:
    _, rows = overview(installation)["Blocked"]
    return [(row[0], row[1]) for row in rows]


def test_a_table_is_blocked_by_the_last_run_that_checked_it_whatever_its_day(
    installation: Settings, audit: Audit
) -> None:
    audit.record_checks([check("z", "marts/refunds", FIRST, passed=False)])
    assert blocked(installation) == [("marts/refunds", "2024-03-01")]
    audit.record_checks([check("a", "marts/refunds", SECOND, passed=True)])
    assert blocked(installation) == []


def test_a_delivery_date_is_blocked_until_it_is_checked_again(installation: Settings, audit: Audit) -> None:
    audit.record_checks([check("z", "raw/generic/members", FIRST, passed=False)])
    assert blocked(installation) == []  # of a file that has been taken away since
    audit.record_deliveries([delivered("a", FIRST)], [])
    audit.record_checks([check("b", "raw/generic/members", SECOND, passed=True)])
    assert blocked(installation) == [("raw/generic/members", "2024-03-01")]
    audit.record_checks([check("a", "raw/generic/members", FIRST, passed=True)])
    assert blocked(installation) == []


def test_files_that_an_earlier_contract_read_are_told(installation: Settings, audit: Audit) -> None:
    now = reader_of(load_contracts(installation.contract_directories))
    stamps = {"a": f"{now}:1", "b": "1:earlier:1", "c": "1:earlier:2"}
    days = {"a": FIRST, "b": FIRST, "c": SECOND}
    audit.record_deliveries([replace(delivered(name, days[name]), file_stamp=stamps[name]) for name in stamps], [])
    [told] = [rows for title, (_, rows) in overview(installation).items() if title.startswith("Files read by earlier")]
    assert told == [["generic", "members", 2, "2024-03-01", "2024-03-02"]]


def test_quarantined_rows_are_counted_for_the_days_asked_for(installation: Settings, audit: Audit) -> None:
    files = [delivered("a", FIRST, 2), delivered("b", FIRST), delivered("c", FIRST, 1), delivered("d", SECOND, 5)]
    audit.record_deliveries(files, [])
    assert quarantined(installation, FIRST, FIRST) == (3, 2)
    assert quarantined(installation, FIRST, SECOND) == (8, 3)
