"""A tiny synthetic history: booked like landed files, the same day whatever its length, the same marts any way."""

import sys
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest

from benchmarks.agreement import disagreements
from benchmarks.history import ask_for, write_history, write_next_day
from benchmarks.installation import Installation
from benchmarks.measure import run
from benchmarks.peers.__main__ import MARTS, by_hand, results
from benchmarks.synthetic import Size
from orchestration.audit import Audit

SIZE = Size(lines=6_000, customers=400, shops=3, products=60, days=20)
TOOLS = [tool for tool in ("duckdb", "pandas", "polars") if find_spec(tool)]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    home = tmp_path_factory.mktemp("history")
    write_history(home, SIZE)
    ask_for(Installation(home).settings, [SIZE.last_day])
    return Installation(home)


@pytest.fixture(scope="module")
def built(installation: Installation) -> Installation:
    run(installation.rebuild("ours", "--select", *MARTS))
    for tool in TOOLS:
        run(by_hand(tool, Path(sys.executable), installation, str(SIZE.last_day)))
    return installation


def test_every_row_of_the_lake_is_booked(installation: Installation):
    files = f"{installation.settings.lake}/generic/*/*/*.parquet"
    held = duckdb.execute(
        "select parse_filename(filename, true), count(*) from read_parquet(?, filename = true, union_by_name = true) "
        "group by all",
        [files],
    ).fetchall()
    deliveries = Audit(installation.settings.audit_file).deliveries()
    assert {str(row["content_hash"]): row["rows_loaded"] for row in deliveries} == dict(held)
    assert all(row["rows_read"] == row["rows_loaded"] and row["status"] == "loaded" for row in deliveries)


def test_the_history_is_what_its_size_says(installation: Installation):
    lines, keys, days = duckdb.execute(
        "select count(*), count(distinct order_line_id), count(distinct delivery_date) from read_parquet(?)",
        [installation.lines],
    ).fetchone() or (0, 0, 0)
    assert days == SIZE.days
    assert abs(keys - SIZE.lines) < 0.05 * SIZE.lines
    assert keys < lines < 1.06 * keys


def test_the_next_day_is_the_same_after_a_longer_and_denser_history(tmp_path: Path):
    longer = Size(lines=60_000, customers=400, shops=3, products=60, days=40)
    days = {write_next_day(tmp_path / str(size.days), size, 100) for size in (SIZE, longer)}
    files = [{path.name: path.read_bytes() for path in (tmp_path / str(n)).rglob("*.csv")} for n in (20, 40)]
    assert len(days) == 1
    assert files[0] == files[1]
    assert {"order_lines.csv", "refunds.csv"} <= files[0].keys()


@pytest.mark.parametrize("tool", TOOLS)
def test_scripts_by_hand_arrive_at_our_marts(built: Installation, tool: str):
    assert disagreements(built.settings.finished_file, results(built, tool)) == []


def test_a_cent_and_a_flag_are_noticed(built: Installation):
    out = results(built, "duckdb")
    with duckdb.connect(str(out / "marts.duckdb")) as connection:
        connection.execute("update sales_daily set paid_amount = paid_amount + 0.01 where rowid = 0")
        named = "select min(rowid) from order_lines where account_id is not null"
        connection.execute(f"update order_lines set is_first_order = not is_first_order where rowid = ({named})")
    found = disagreements(built.settings.finished_file, out)
    assert [text.partition(" is ")[0] for text in found] == [
        "order_lines: the hash of the rows",
        "sales_daily: the sum of paid_amount",
        "sales_daily: the hash of the rows",
    ]
