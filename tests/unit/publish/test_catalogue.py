"""The catalogue: what is in it, what stays when something is blocked, and that readers never see half of it."""

import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml

from orchestration.audit import Audit
from orchestration.publish.catalogue import (
    PublishedTable,
    measure,
    publish_catalogue,
    published_tables,
    refresh_audit,
)
from orchestration.publish.databases import Relation
from tests.unit.publish.fake_warehouse import DAY, check, read

ROOT = Path(__file__).parents[3]
FullDisk = Callable[[], AbstractContextManager[None]]
SALES = "outputs.kpi__sales_daily"
PAID = f"select paid_amount::varchar from {SALES}"
NEXT = f"update {SALES} set paid_amount = 99; delete from marts.customer_accounts where customer_key = 4"


def test_the_catalogue_holds_marts_outputs_and_the_typed_audit_book(
    warehouse: Path, audit: Audit, catalogue: Path
) -> None:
    published = publish_catalogue(warehouse, audit, catalogue)
    schemas = read(catalogue, "select distinct table_schema from information_schema.tables order by 1")
    assert schemas == [("audit",), ("marts",), ("outputs",)]
    assert {table.full_name: table.row_count for table in published}["audit.quarantine"] == 2
    assert read(catalogue, "select distinct as_of_date, typeof(passed) from audit.check_results") == [
        (date(2024, 5, 6), "BOOLEAN")
    ]
    accounted = "rows_loaded + rows_duplicate + rows_superseded + rows_quarantined"
    assert read(catalogue, f"select sum(rows_read - ({accounted})) from audit.deliveries") == [(0,)]


def test_comments_and_types_are_kept(warehouse: Path, audit: Audit, catalogue: Path) -> None:
    publish_catalogue(warehouse, audit, catalogue)
    comments = "select comment from duckdb_tables() where table_name = 'kpi__sales_daily'"
    columns = "select data_type, comment from duckdb_columns() where column_name = 'paid_amount'"
    assert read(catalogue, comments) == [("One row per day; the shop's 口径.",)]
    assert read(catalogue, columns) == [("DECIMAL(18,2)", "GMV, 元")]


def test_equal_content_leaves_the_file_alone(
    warehouse: Path, audit: Audit, catalogue: Path, change: Callable[[str], None]
) -> None:
    published = publish_catalogue(warehouse, audit, catalogue)
    before = catalogue.stat()
    change("create or replace table outputs.audience_decisions as from outputs.audience_decisions order by 3 desc")
    assert publish_catalogue(warehouse, audit, catalogue) == published
    assert (catalogue.stat().st_ino, catalogue.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    change(f"comment on table {SALES} is 'new words'")
    publish_catalogue(warehouse, audit, catalogue)
    assert catalogue.stat().st_ino != before.st_ino


def test_a_finished_file_that_nobody_wrote_is_not_read_again(
    warehouse: Path, audit: Audit, catalogue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = publish_catalogue(warehouse, audit, catalogue)
    measured = []

    def watched(connection: duckdb.DuckDBPyConnection, database: str, relation: Relation) -> PublishedTable:
        measured.append(relation.schema)
        return measure(connection, database, relation)

    monkeypatch.setattr("orchestration.publish.catalogue.measure", watched)
    audit.record_checks([check("content__key_is_never_null", run="r2")])
    assert {table.full_name for table in set(publish_catalogue(warehouse, audit, catalogue)) - set(published)} == {
        "audit.check_results"
    }
    assert set(measured) == {"audit"}
    assert read(catalogue, "select count(*) from audit.check_results") == [(3,)]


def test_what_is_not_for_readers_is_not_in_the_catalogue(
    warehouse: Path, audit: Audit, catalogue: Path, change: Callable[[str], None]
) -> None:
    change("create table state.days as select 1; create table marts.orders__dbt_tmp as select 1")
    publish_catalogue(warehouse, audit, catalogue)
    schemas = read(catalogue, "select distinct schema_name from duckdb_schemas() where not internal order by 1")
    assert [name for (name,) in schemas] == ["audit", "marts", "outputs"]
    assert read(catalogue, "select table_name from duckdb_tables() where table_name like '%dbt%'") == []


def test_old_readers_can_open_it(warehouse: Path, audit: Audit, catalogue: Path) -> None:
    """The tables come in the format of the finished file; the profile asks dbt for one that BI tools read."""
    publish_catalogue(warehouse, audit, catalogue)
    profile = yaml.safe_load((ROOT / "dbt_project" / "profiles.yml").read_text())
    [attached] = profile["siyu"]["outputs"]["duckdb"]["attach"]
    assert attached["options"] == {"storage_version": "v1.3.0"}
    version = "select tags['storage_version'] from duckdb_databases() where database_name = 'siyu'"
    assert read(catalogue, version) == [("v1.0.0+",)]


def test_a_file_that_is_mostly_free_space_is_made_small_first(
    warehouse: Path, audit: Audit, catalogue: Path, change: Callable[[str], None]
) -> None:
    change("create table marts.large as select uuid() as id from range(300_000)")
    change("create table marts.last as select uuid() as id from range(10_000)")
    change("drop table marts.large")
    loose = warehouse.stat().st_size
    publish_catalogue(warehouse, audit, catalogue)
    assert loose > 2 * warehouse.stat().st_size
    assert loose > 2 * catalogue.stat().st_size
    for file in (warehouse, catalogue):
        assert read(file, "select count(*) from marts.last") == [(10_000,)]
    small = warehouse.stat()
    publish_catalogue(warehouse, audit, catalogue)
    assert warehouse.stat() == small


def test_what_was_written_to_the_log_of_the_finished_file_is_published(
    warehouse: Path, audit: Audit, catalogue: Path
) -> None:
    """As a killed writer leaves it."""
    script = "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); c.execute(sys.argv[2]); os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", script, str(warehouse), NEXT], check=False)
    assert warehouse.with_name(f"{warehouse.name}.wal").exists()
    publish_catalogue(warehouse, audit, catalogue)
    assert read(catalogue, PAID) == [("99.00",)]


def test_a_blocked_table_keeps_its_last_good_version(
    warehouse: Path, audit: Audit, catalogue: Path, change: Callable[[str], None]
) -> None:
    publish_catalogue(warehouse, audit, catalogue)
    change(NEXT)
    for _ in range(2):
        publish_catalogue(warehouse, audit, catalogue, {SALES})
        assert read(catalogue, PAID) == [("12.50",)]
        assert read(catalogue, "select count(*) from marts.customer_accounts") == [(4,)]
    held = "select table_name from audit.published_tables where is_held"
    assert read(catalogue, held) == [("kpi__sales_daily",)]
    assert read(catalogue, "select comment from duckdb_columns() where column_name = 'paid_amount'") == [("GMV, 元",)]
    publish_catalogue(warehouse, audit, catalogue)
    assert (read(catalogue, PAID), read(catalogue, held)) == ([("99.00",)], [])


def test_a_blocked_table_that_was_never_published_stays_out(warehouse: Path, audit: Audit, catalogue: Path) -> None:
    published = publish_catalogue(warehouse, audit, catalogue, {SALES})
    assert SALES not in {table.full_name for table in published}
    assert read(catalogue, "select count(*) from marts.campaigns") == [(2,)]


def test_a_failed_run_renews_the_audit_book_alone(
    warehouse: Path, audit: Audit, catalogue: Path, change: Callable[[str], None]
) -> None:
    publish_catalogue(warehouse, audit, catalogue)
    change(NEXT)
    audit.record_checks([check("content__net_is_paid_minus_refunded", run="r2", passed=False)])
    refresh_audit(audit, catalogue)
    assert read(catalogue, PAID) == [("12.50",)]
    assert read(catalogue, "select count(*) from audit.check_results") == [(3,)]


def test_a_first_run_that_fails_publishes_its_audit_book(audit: Audit, catalogue: Path) -> None:
    refresh_audit(audit, catalogue)
    assert read(catalogue, "select count(*) from audit.deliveries") == [(2,)]


def test_a_damaged_catalogue_is_replaced(warehouse: Path, audit: Audit, catalogue: Path) -> None:
    catalogue.parent.mkdir()
    catalogue.write_bytes(b"not a database" * 1000)
    publish_catalogue(warehouse, audit, catalogue)
    assert read(catalogue, PAID) == [("12.50",)]


def test_a_reader_keeps_its_version_and_the_next_one_sees_the_new(
    warehouse: Path, audit: Audit, catalogue: Path, change: Callable[[str], None]
) -> None:
    publish_catalogue(warehouse, audit, catalogue)
    with duckdb.connect(str(catalogue), read_only=True) as reader:
        change(NEXT)
        publish_catalogue(warehouse, audit, catalogue)
        assert reader.execute(PAID).fetchall() == [("12.50",)]
        assert read(catalogue, PAID) == [("99.00",)]


def test_readers_see_whole_versions_while_a_publisher_writes(
    warehouse: Path, audit: Audit, catalogue: Path, change: Callable[[str], None]
) -> None:
    change("create table marts.v as select 0 as n; create table outputs.v as select 0 as n")
    publish_catalogue(warehouse, audit, catalogue)
    seen: list[tuple[object, ...]] = []
    done = threading.Event()

    def keep_reading() -> None:
        while not done.is_set():
            seen.extend(read(catalogue, "select a.n, b.n from marts.v as a, outputs.v as b"))

    reader = threading.Thread(target=keep_reading)
    reader.start()
    for version in range(1, 5):
        change(f"update marts.v set n = {version}; update outputs.v set n = {version}")
        publish_catalogue(warehouse, audit, catalogue)
    done.set()
    reader.join()
    assert all(a == b for a, b in seen)
    assert seen == sorted(seen) and len(set(seen)) > 1


def test_failing_at_any_write_leaves_a_whole_version(
    warehouse: Path, audit: Audit, catalogue: Path, change: Callable[[str], None], full_disk: FullDisk
) -> None:
    publish_catalogue(warehouse, audit, catalogue)
    change(NEXT)
    with full_disk():
        publish_catalogue(warehouse, audit, catalogue)
    assert read(catalogue, PAID) in ([("12.50",)], [("99.00",)])
    assert not list(catalogue.parent.glob(".tmp-*"))
    publish_catalogue(warehouse, audit, catalogue)
    assert read(catalogue, PAID) == [("99.00",)]


KILLED = """
import os, sys
from pathlib import Path
from orchestration.audit import Audit
from orchestration.publish.catalogue import publish_catalogue
os.{call} = lambda *arguments: os.kill(os.getpid(), 9)
publish_catalogue(Path(sys.argv[1]), Audit(Path(sys.argv[2])), Path(sys.argv[3]))
"""


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_killed_publisher_leaves_the_old_version_and_no_lock(
    warehouse: Path, audit: Audit, catalogue: Path, change: Callable[[str], None], call: str
) -> None:
    publish_catalogue(warehouse, audit, catalogue)
    change(NEXT)
    arguments = [sys.executable, "-c", KILLED.format(call=call), str(warehouse), str(audit.file), str(catalogue)]
    assert subprocess.run(arguments, cwd=ROOT, check=False).returncode == -9
    assert read(catalogue, PAID) == [("12.50",)]
    assert (catalogue.parent / ".tmp-siyu.duckdb").exists()
    publish_catalogue(warehouse, audit, catalogue)
    assert read(catalogue, PAID) == [("99.00",)]
    assert sorted(file.name for file in catalogue.parent.iterdir()) == [".lock", "siyu.duckdb"]


def test_what_is_published_is_listed_in_the_catalogue(warehouse: Path, audit: Audit, catalogue: Path) -> None:
    assert published_tables(catalogue) == []
    assert set(publish_catalogue(warehouse, audit, catalogue)) == set(published_tables(catalogue))


def test_the_file_may_not_be_called_like_a_schema(warehouse: Path, audit: Audit, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"marts\.duckdb"):
        publish_catalogue(warehouse, audit, tmp_path / "marts.duckdb")


def test_readers_see_which_logic_each_day_was_built_by(warehouse: Path, audit: Audit, catalogue: Path) -> None:
    publish_catalogue(warehouse, audit, catalogue)
    audit.record_checks([check("content__key_is_never_null", run="r2")])
    publish_catalogue(warehouse, audit, catalogue)
    assert read(catalogue, "from audit.built_days") == [("kpi__sales_daily", DAY, "old", False)]
