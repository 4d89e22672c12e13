"""The page of a day: complete, offline, and safe against what others wrote into file names."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from orchestration.audit import Audit, Delivery, QuarantinedRow
from orchestration.publish.catalogue import publish_catalogue
from orchestration.publish.report import Problem, Publication, write_reports
from tests.unit.publish.fake_warehouse import DAY, check, hand_out


@pytest.fixture
def publication(warehouse: Path, audit: Audit, published: Path, catalogue: Path) -> Publication:
    hand_out(warehouse, published / "audiences", [DAY])
    return Publication(publish_catalogue(warehouse, audit, catalogue))


def page(published: Path, day: date = DAY) -> str:
    return (published / "reports" / day.isoformat() / "index.html").read_text(encoding="utf-8")


def test_the_page_says_everything_of_the_day(audit: Audit, published: Path, publication: Publication) -> None:
    assert write_reports([DAY], audit, publication, published) == 1
    html = page(published)
    for said in ("Monday, 6 May 2024", "b.csv", "cut off", "Correct the file", "key is never null", "3 of 10 rows"):
        assert said in html
    for said in (
        "some rows arrived",
        "! warning",
        "not a number",
        "paid_amount",
        "no key",
        "1 thing was not published",
    ):
        assert said in html
    for said in ("outputs.kpi__sales_daily", "opted_out 1", "派样", "spring"):
        assert said in html


def test_a_delivered_list_that_would_be_another_now_is_told(
    warehouse: Path, audit: Audit, published: Path, publication: Publication, change: Callable[[str], None]
) -> None:
    change("update outputs.audience_decisions set arm = 'control' where customer_key = 2")
    hand_out(warehouse, published / "audiences", [DAY])
    write_reports([DAY], audit, publication, published)
    assert "What is known now gives +0 −1 customers in 2 rows: recomputed/difference.csv" in page(published)


def test_the_page_loads_nothing_and_runs_nothing(audit: Audit, published: Path, publication: Publication) -> None:
    write_reports([DAY], audit, publication, published)
    html = page(published)
    assert not [word for word in ("http://", "https://", "<script", "<link", "@import", "url(", "src=") if word in html]
    assert "a&lt;b&gt;.csv" in html and "a<b>.csv" not in html


def test_equal_content_is_not_written_again(audit: Audit, published: Path, publication: Publication) -> None:
    write_reports([DAY], audit, publication, published)
    audit.record_checks([replace(check("content__key_is_never_null"), run_id="r2")])
    assert write_reports([DAY], audit, publication, published) == 0


def test_the_latest_result_of_a_check_counts(audit: Audit, published: Path, publication: Publication) -> None:
    audit.record_checks([check("content__key_is_never_null", run="r2", passed=False)])
    write_reports([DAY], audit, publication, published)
    assert "2 things were not published" in page(published) and "What this dataset brought was left out" in page(
        published
    )
    audit.record_checks([check("content__key_is_never_null", run="r3")])
    write_reports([DAY], audit, publication, published)
    assert "1 thing was not published" in page(published)


def test_what_was_blocked_is_told_with_the_remedy(audit: Audit, published: Path, publication: Publication) -> None:
    held = [replace(table, is_held=True) for table in publication.tables if table.table_schema == "outputs"]
    problems = [Problem("dbt build", "a test failed"), Problem("other day", "x", day=DAY + timedelta(1))]
    write_reports([DAY], audit, Publication(held, problems), published)
    html = page(published)
    for said in ("3 things were not published", f"{len(held)} tables of the catalogue", "dbt build"):
        assert said in html
    assert "other day" not in html and "last good version" in html


def test_a_quiet_day_has_a_page(audit: Audit, published: Path) -> None:
    write_reports([date(2024, 5, 7)], audit, Publication(), published)
    html = page(published, date(2024, 5, 7))
    assert "Everything was published" in html and "No file was delivered for this day" in html


def test_many_quarantined_lines_are_told_as_ranges(audit: Audit, published: Path) -> None:
    delivery = Delivery("x/y/z.csv", "x", "y", DAY, "z.csv", "h9", "l", 300, 100, 0, 0, 200, "loaded")
    rows = [QuarantinedRow("x", "y", "h9", line, "no key", None) for line in [*range(2, 201), 300]]
    audit.record_deliveries([delivery], rows)
    write_reports([DAY], audit, Publication(), published)
    assert "2–200, 300" in page(published)


def test_a_quarantined_row_says_what_to_do(audit: Audit, published: Path) -> None:
    delivery = Delivery("x/y/z.csv", "x", "y", DAY, "z.csv", "h9", "l", 2, 1, 0, 0, 1, "loaded")
    audit.record_deliveries([delivery], [QuarantinedRow("x", "y", "h9", 2, "wrong_number_of_fields", None)])
    write_reports([DAY], audit, Publication(), published)
    assert "a cell breaks the CSV form: export as XLSX" in page(published)


def test_rows_that_reach_nobody_are_told_with_file_rows_rule_and_remedy(
    warehouse: Path, audit: Audit, published: Path, catalogue: Path, change: Callable[[str], None]
) -> None:
    change(
        "create table marts.qc_rows_unmatched as select 'withdrawal' as statement, 'account_unknown' as finding, *"
        " from (values ('h1', 7), ('h1', 5), ('another day', 2)) as t (content_hash, line_number)"
    )
    tables = publish_catalogue(warehouse, audit, catalogue)
    write_reports([DAY], audit, Publication(tables, catalogue=catalogue), published)
    html = page(published)
    for said in ("Rows that reach nobody", "withdrawal", "account_unknown", "5, 7", "correct the file and run the day"):
        assert said in html
