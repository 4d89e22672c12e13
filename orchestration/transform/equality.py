"""Whether two builds hold the same rows, table by table, in whatever order.

Belongs here: counting, fingerprints, and which rows differ by the columns that name no person.
Does not: building, and what a difference between two states of knowledge means (`difference.py`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from orchestration.transform.results import Databases, is_shown, reading

LAYERS = ["marts", "outputs"]
ROWS_SHOWN = 3
# Rows with one of them in their key are of that day; others are of several.
DAYS = {"business_date", "as_of_date", "paid_date"}
TABLES = """
select table_schema || '.' || table_name from information_schema.tables
where table_catalog = 'finished' and list_contains(?, table_schema)
    and table_name not like '%\\_\\_dbt\\_%' escape '\\'
order by all
"""


@dataclass(frozen=True)
class Comparison:
    """One table of two builds. `missing` rows are in the second only, `surplus` rows in the first only."""

    table: str
    rows: int
    missing: int = 0
    surplus: int = 0
    reason: str = ""
    totals: Mapping[str, tuple[object, object]] = field(default_factory=dict)

    @property
    def is_equal(self) -> bool:
        return not self.reason


@dataclass(frozen=True)
class _Table:
    """What of a table is compared."""

    name: str
    key: Sequence[str]
    days: str = ""  # what is true of the days whose rows are compared, as `between … and …`

    def rows(self, columns: Mapping[str, str]) -> str:
        """The query for its rows, which also says the order of the columns."""
        names = ", ".join(f'"{name}"' for name in columns)
        day = self.day(columns)
        return f"select {names} from finished.{self.name}" + (f" where {day} {self.days}" if day and self.days else "")

    def day(self, columns: Mapping[str, str]) -> str | None:
        """The column of its key that says the day; without one, that of another date, as the first of a month."""
        dates = [name for name in self.key if columns.get(name) == "DATE"]
        return min(dates, key=lambda name: name not in DAYS, default=None)


def outdated_days(first: Databases, second: Databases, manifest: Mapping[str, Any]) -> dict[str, set[date]]:
    """By `schema.table`, the days that the first build made by other logic than that of the second, or of what such
    days of another table hold."""
    with reading(first) as one, reading(second) as other:
        logic = dict(other.execute("select model, logic from finished.state.logic").fetchall())
        built = one.execute("select model, day, logic from finished.state.built_days").fetchall()
    own: dict[str, set[date]] = {}
    for model, day, made_by in built:
        if made_by != logic.get(model):
            own.setdefault(model, set()).add(day)
    nodes = {name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"}

    @cache
    def of(name: str) -> frozenset[date]:
        parents = [parent for parent in nodes[name]["depends_on"]["nodes"] if parent in nodes]
        return frozenset(own.get(nodes[name]["name"], ())).union(*map(of, parents))

    return {f"{node['schema']}.{node['name']}": set(of(name)) for name, node in nodes.items() if of(name)}


def is_by_day(key: Iterable[str]) -> bool:
    return not DAYS.isdisjoint(key)


def compare_builds(
    first: Databases,
    second: Databases,
    keys: Mapping[str, Sequence[str]],
    left_out: Mapping[str, Iterable[date]],
    scratch: Path,
) -> Iterator[Comparison]:
    """Every table of marts and outputs that either build has, without the rows of its days that are `left_out`, and
    without tables whose rows are made of several days if any of these is. Rows are looked at one by one only where
    sums differ."""
    with reading(first) as one, reading(second) as other:
        ours, theirs = _names(one), _names(other)
        for table in sorted({*ours, *theirs}):
            if table not in theirs:
                yield Comparison(table, 0, reason="is not a table of a rebuild")
            elif table not in ours:
                yield Comparison(table, 0, reason="is missing")
            elif table not in left_out or is_by_day(keys.get(table, ())):
                listed = ", ".join(f"date '{day}'" for day in sorted(left_out.get(table, ())))
                yield _compare(one, other, _Table(table, keys.get(table, ()), listed and f"not in ({listed})"), scratch)


def compare_days(
    first: Databases, second: Databases, keys: Mapping[str, Sequence[str]], days: tuple[date, date], scratch: Path
) -> Iterator[Comparison]:
    """The tables by day that both builds have, as they stand between two days; `totals` where they differ."""
    of_days = f"between date '{days[0]}' and date '{days[1]}'"
    with reading(first) as one, reading(second) as other:
        for name in sorted({*_names(one)} & {*_names(other)}):
            table = _Table(name, keys.get(name, ()), of_days)
            columns = _columns(one, name)
            if not table.day(columns):
                continue
            found = _compare(one, other, table, scratch)
            yield found if found.is_equal else replace(found, totals=_totals(one, other, table))


def _totals(
    one: duckdb.DuckDBPyConnection, other: duckdb.DuckDBPyConnection, table: _Table
) -> dict[str, tuple[object, object]]:
    """The sums that differ, of the counts and amounts that both have."""
    columns, theirs = _columns(one, table.name), _columns(other, table.name)
    summed = [name for name in columns if name.endswith(("_count", "_amount")) and name in theirs]
    if not summed:
        return {}
    sums = ", ".join(f'sum("{name}")' for name in summed)
    before, after = (
        connection.execute(f"select {sums} from ({table.rows(columns)})").fetchall()[0] for connection in (one, other)
    )
    pairs = zip(summed, zip(before, after, strict=True), strict=True)
    return {name: pair for name, pair in pairs if pair[0] != pair[1]}


def _compare(
    one: duckdb.DuckDBPyConnection, other: duckdb.DuckDBPyConnection, table: _Table, scratch: Path
) -> Comparison:
    columns = _columns(one, table.name)
    if columns != _columns(other, table.name):  # in any order: columns that came later are a table's last
        return Comparison(table.name, 0, reason="has other columns")
    query = table.rows(columns)
    (rows, content), expected = _summed(one, query), _summed(other, query)
    if (rows, content) == expected:
        return Comparison(table.name, rows)
    files = [scratch / f"{place}.parquet" for place in ("first", "second")]
    for connection, file in zip((one, other), files, strict=True):
        connection.execute(f"copy ({query}) to '{_quoted(file)}' (format parquet)")
    return _differing(table.name, rows, files, [name for name in table.key if is_shown(name)])


def _differing(table: str, rows: int, files: Sequence[Path], key: Sequence[str]) -> Comparison:
    first, second = (f"from read_parquet('{_quoted(file)}')" for file in files)
    with duckdb.connect() as connection:
        connection.execute(f"create table surplus as {first} except all {second}")
        connection.execute(f"create table missing as {second} except all {first}")
        surplus, missing = (_one(connection, f"select count(*) from {name}") for name in ("surplus", "missing"))
        shown = ""
        if key:
            names = ", ".join(f'"{name}"' for name in key)
            both = f"select {names} from surplus union select {names} from missing"
            few = connection.execute(f"{both} order by all limit {ROWS_SHOWN}").fetchall()
            shown = "; ".join(", ".join(f"{name}={value}" for name, value in zip(key, row, strict=True)) for row in few)
    reason = f"{surplus} rows are in the tables only, {missing} rows in the rebuild only" + (shown and f": {shown}")
    return Comparison(table, rows, missing, surplus, reason)


def _names(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [name for (name,) in connection.execute(TABLES, [LAYERS]).fetchall()]


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    return {row[0]: row[1] for row in connection.execute(f"describe finished.{table}").fetchall()}


def _summed(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, int | None]:
    found: list[tuple[int, int | None]] = connection.execute(
        f"select count(*), sum(hash(one)) from ({query}) as one"
    ).fetchall()
    return found[0]


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(connection.execute(sql).fetchall()[0][0])


def _quoted(file: Path) -> str:
    return str(file).replace("'", "''")
