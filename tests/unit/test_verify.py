"""What an installation keeps is held against its book: every check agrees, or names file, rule and remedy."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.audit import Audit, Delivery, QuarantinedRow
from orchestration.publish.catalogue import publish_catalogue
from orchestration.publish.report import Publication, write_reports
from orchestration.publish.writers import sha256
from orchestration.settings import Settings
from orchestration.verify import (
    CHECKS,
    Check,
    audience_lists,
    catalogues,
    is_empty,
    lake_files,
    quality_pages,
    quarantined_rows,
    row_accounts,
)

DAY = date(2024, 3, 1)
FILE = Delivery(
    "generic/members/2024-03-01/a.csv", "generic", "members", DAY, "a.csv", "h", "a.parquet", 4, 3, 0, 0, 1, "loaded"
)


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    """One delivery in the book, lake and quarantine; one list; a page; a catalogue of two tables and a view."""
    home = Settings(home=tmp_path)
    book = Audit(home.audit_file)
    book.record_deliveries([FILE], [QuarantinedRow("generic", "members", "h", 3, "not_a_date", "joined_at")])
    home.lake.mkdir()
    duckdb.execute(f"copy (select 'h' as content_hash, range as line_number from range(3)) to '{home.lake}/a.parquet'")
    write_reports([DAY], book, Publication(), home.published)
    folder = home.audiences / "WELCOME" / str(DAY)
    folder.mkdir(parents=True)
    members = folder / "members.csv"
    members.write_text("customer_key\n1\n")
    manifest = {"file": members.name, "rows": 1, "sha256": sha256(members)}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    home.warehouse.mkdir()
    with duckdb.connect(str(home.finished_file)) as connection:
        connection.execute("create schema marts; create table marts.orders as select 1 as order_key, 10 as amount")
        connection.execute("create schema state; create table state.logic (model varchar, logic varchar)")
        connection.execute("create table state.built_days (model varchar, day date, logic varchar)")
        connection.execute("create table state.account_moves (account_key bigint)")
        connection.execute("create table marts.products as select 1 as product_id")
        connection.execute("create view marts.prices as select cast(product_id as double) as price from marts.products")
    publish_catalogue(home.finished_file, book, home.catalogue)
    return home


def problems(home: Settings, check: Check) -> list[str]:
    return [str(finding.problem) for finding in check(home) if finding.problem]


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_what_is_as_it_was_written_has_no_problem(home: Settings, check: Check) -> None:
    assert list(check(home)) and problems(home, check) == []


def test_rows_that_are_not_accounted_for_are_counted(home: Settings) -> None:
    Audit(home.audit_file).record_deliveries([replace(FILE, rows_read=9)], [])
    [line] = problems(home, row_accounts)
    assert line.startswith(f"{FILE.file_path}: 9 rows were read but 4 are accounted for. ")
    assert line.endswith("run `siyu run --day 2024-03-01` again.")


def test_a_quarantined_row_without_its_line_is_missed(home: Settings) -> None:
    Audit(home.audit_file).record_deliveries([replace(FILE, rows_quarantined=2)], [])
    assert "2 rows were quarantined but 1 are booked" in problems(home, quarantined_rows)[0]


@pytest.mark.parametrize(
    ("alter", "rule"),
    [
        (lambda file: file.unlink(), f"the content of {FILE.file_path} is missing"),
        (lambda file: file.write_bytes(file.read_bytes()[:-9]), f"the content of {FILE.file_path} cannot be read"),
        (
            lambda file: duckdb.execute(f"copy (select 'h' as content_hash) to '{file}' (format parquet)"),
            f"it holds 1 rows, but 3 were loaded from {FILE.file_path}",
        ),
        (
            lambda file: duckdb.execute(
                f"copy (select 'x' as content_hash from range(3)) to '{file}' (format parquet)"
            ),
            f"3 rows are not of {FILE.file_path}",
        ),
    ],
)
def test_a_lake_file_that_is_not_its_content_is_named(
    home: Settings, alter: Callable[[Path], object], rule: str
) -> None:
    alter(home.lake / "a.parquet")
    [line] = problems(home, lake_files)
    assert line.startswith(f"lake/a.parquet: {rule}. ")


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("members.csv", "customer_key\n2\n", "the sha256 of members.csv is "),
        ("members.csv", None, "members.csv is missing"),
        ("manifest.json", "{", "manifest.json cannot be read"),
        ("manifest.json", "[]", "manifest.json cannot be read"),
    ],
)
def test_a_list_that_is_not_what_its_manifest_says_is_named(
    home: Settings, name: str, content: str | None, rule: str
) -> None:
    file = home.audiences / "WELCOME" / str(DAY) / name
    if content is None:
        file.unlink()
    else:
        file.write_text(content)
    [line] = problems(home, audience_lists)
    assert line.startswith(f"published/audiences/WELCOME/2024-03-01: {rule}") and "Do not send it" in line


@pytest.mark.parametrize(
    ("sql", "subject"),
    [
        ("update marts.orders set amount = 11", "marts.orders: its rows, columns or comments are not those"),
        ("drop table marts.orders", "marts.orders: it is missing"),
        ("create table marts.more as select 1 as one", "marts.more: it was added after the publication"),
        ("drop table audit.published_tables", "audit.published_tables: the file cannot be opened as a catalogue"),
    ],
)
def test_a_catalogue_that_was_changed_is_named(home: Settings, sql: str, subject: str) -> None:
    with duckdb.connect(str(home.catalogue)) as connection:
        connection.execute(sql)
    [line] = problems(home, catalogues)
    assert line.startswith(f"published/siyu.duckdb: {subject}")


def test_a_flipped_bit_in_a_catalogue_is_found(home: Settings) -> None:
    """Every block that holds rows is read, and carries its checksum."""
    content = bytearray(home.catalogue.read_bytes())
    at = next(place for place in range(len(content) - 1, 12288, -1) if content[place])
    content[at] ^= 1
    home.catalogue.write_bytes(content)
    assert problems(home, catalogues)


@pytest.mark.parametrize(("before", "after"), [(b"4", b"5"), (b"<!-- sha256", b"<!-- sha512")])
def test_a_quality_page_that_was_changed_is_named(home: Settings, before: bytes, after: bytes) -> None:
    page = home.reports / str(DAY) / "index.html"
    page.write_bytes(page.read_bytes().replace(before, after))
    [line] = problems(home, quality_pages)
    assert line.startswith(
        "published/reports/2024-03-01/index.html: it is not the page that was written. Remove it and"
    )


def test_an_installation_without_anything_is_empty(home: Settings, tmp_path: Path) -> None:
    assert is_empty(Settings(home=tmp_path / "new")) and not is_empty(home)
