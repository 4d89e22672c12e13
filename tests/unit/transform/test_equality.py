"""Two builds hold the same rows, or it is said which rows differ, naming nobody."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType

import duckdb
import pytest

from orchestration.transform.equality import Comparison, compare_builds, outdated_days
from orchestration.transform.results import Databases

ROWS = ["(1, 'anna', date '2024-03-01', 10)", "(2, 'ben', date '2024-03-02', 20)", "(2, 'ben', date '2024-03-02', 20)"]
MANIFEST = {
    "nodes": {
        name: {"resource_type": "model", "schema": schema, "name": name, "depends_on": {"nodes": parents}}
        for schema, name, parents in [("marts", "orders", []), ("marts", "members", []), ("outputs", "kpi", ["orders"])]
    }
}
Left = Mapping[str, set[date]]
KEYS = {"marts.orders": ["order_id", "account_id", "as_of_date"]}


def build(folder: Path, rows: Sequence[str], *, logic: str = "new", extra: str = "") -> Databases:
    folder.mkdir()
    file = folder / "finished.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"""
            create schema marts; create schema state;
            create table state.logic as select 'orders' as model, '{logic}' as logic;
            create table state.built_days as select 'orders' as model, date '2024-03-02' as day, '{logic}' as logic;
            create table marts.orders as
            select * from (values {", ".join(rows)}) as rows (order_id, account_id, as_of_date, quantity);
            {extra}
        """)
    return {"finished": file}


def compare(
    tmp_path: Path, first: Databases, second: Databases, left_out: Left = MappingProxyType({})
) -> list[Comparison]:
    return list(compare_builds(first, second, KEYS, left_out, tmp_path))


def test_the_order_of_rows_is_no_difference(tmp_path: Path) -> None:
    first, second = build(tmp_path / "first", ROWS), build(tmp_path / "second", ROWS[::-1])
    assert compare(tmp_path, first, second) == [Comparison("marts.orders", 3)]


@pytest.mark.parametrize(
    ("rows", "missing", "surplus", "shown"),
    [
        (ROWS[:2], 1, 0, "order_id=2, as_of_date=2024-03-02"),
        ([*ROWS, ROWS[0]], 0, 1, "order_id=1, as_of_date=2024-03-01"),
        ([ROWS[0].replace("10", "11"), *ROWS[1:]], 1, 1, "order_id=1, as_of_date=2024-03-01"),
    ],
)
def test_rows_that_differ_are_counted_with_copies_and_named_by_their_key(
    tmp_path: Path, rows: list[str], missing: int, surplus: int, shown: str
) -> None:
    [found] = compare(tmp_path, build(tmp_path / "first", rows), build(tmp_path / "second", ROWS))
    assert (found.missing, found.surplus) == (missing, surplus)
    assert found.reason.endswith(f": {shown}")
    assert "anna" not in found.reason and "ben" not in found.reason


def test_a_table_that_only_one_of_them_has_is_named(tmp_path: Path) -> None:
    more = "create schema outputs; create table outputs.kpi as select 1 as one;"
    first, second = build(tmp_path / "first", ROWS), build(tmp_path / "second", ROWS, extra=more)
    assert [table.reason for table in compare(tmp_path, first, second)] == ["", "is missing"]
    assert [table.reason for table in compare(tmp_path, second, first)] == ["", "is not a table of a rebuild"]


def test_days_of_other_logic_are_known_by_table_and_can_be_left_out(tmp_path: Path) -> None:
    """Of the table itself and of what is made of it, and of no other."""
    first = build(tmp_path / "first", ROWS[:1], logic="old")
    second = build(tmp_path / "second", ROWS)
    days = {date(2024, 3, 2)}
    assert outdated_days(first, second, MANIFEST) == {"marts.orders": days, "outputs.kpi": days}
    assert outdated_days(second, second, MANIFEST) == {}
    [found] = compare(tmp_path, first, second, {"marts.orders": days})
    assert found.is_equal
    [found] = compare(tmp_path, first, second, {"outputs.kpi": days})
    assert not found.is_equal


def test_a_table_whose_rows_are_of_several_days_is_left_out_whole(tmp_path: Path) -> None:
    """A week holds a day that is left out, and no row says so."""
    made = "create schema outputs; create table outputs.kpi as select date '2024-02-26' as period_start, {} as buyers;"
    first = build(tmp_path / "first", ROWS, extra=made.format(1))
    second = build(tmp_path / "second", ROWS, extra=made.format(2))
    assert [table.is_equal for table in compare(tmp_path, first, second)] == [True, False]
    left_out = {"outputs.kpi": {date(2024, 3, 2)}}
    assert [table.table for table in compare(tmp_path, first, second, left_out)] == ["marts.orders"]
