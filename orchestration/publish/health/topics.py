"""Reading the published tables for many pages at once: one statement per query of a topic, whatever the number of days.

Belongs here: asking, and saying why a table cannot be asked. Does not: what is asked and made of it (`sales.py`, …).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from orchestration.publish.databases import answer, attach, private_instance
from orchestration.publish.health.blocks import Facts, Row, Section, Words

DAYS = "with days as (select unnest($days::date[]) as day)"


def sums_by_day(table: str, columns: Sequence[str], days: int) -> str:
    """A query for the sums of a table's columns by business day, of so many days up to each."""
    return f"""
, sums as (
    select business_date, {", ".join(f"sum({column}) as {column}" for column in columns)}
    from {table} where business_date between $first - {days - 1} and $last group by business_date
)
select days.day, sums.* from days inner join sums on sums.business_date between days.day - {days - 1} and days.day
order by all
"""


@dataclass(frozen=True)
class Topic:
    """A subject: the tables it reads, queries that each give a column `day`, and what is made of one day's rows.
    A query begins after the CTE `days`, and may name $first and $last of them, and $drawn_from where it costs much."""

    key: str
    title: Words
    tables: tuple[str, ...]
    queries: Mapping[str, str]
    build: Callable[[Facts], Section]


Rows = dict[date, dict[str, list[Row]]]


def read_topics(
    catalogue: Path | None, topics: Sequence[Topic], days: Sequence[date], drawn: frozenset[date], held: frozenset[str]
) -> dict[date, list[Section]]:
    """The sections of every day, in the order of the topics. `held` are tables that kept an earlier version."""
    sections: dict[date, list[Section]] = {day: [] for day in days}
    if catalogue is None or not catalogue.is_file() or not days:
        return sections
    with private_instance() as connection:
        attach(connection, catalogue, "published", "read_only")
        connection.execute("use published")
        for topic in topics:
            found = _rows(connection, topic, days, drawn)
            for day in days:
                sections[day].append(_section(topic, found, day, day in drawn, held))
    return sections


def _rows(
    connection: duckdb.DuckDBPyConnection, topic: Topic, days: Sequence[date], drawn: frozenset[date]
) -> Rows | Words:
    """By day and query; or why the topic cannot be told."""
    rows: Rows = defaultdict(lambda: defaultdict(list))
    known = {"days": list(days), "first": min(days), "last": max(days), "drawn_from": min(drawn, default=max(days))}
    for name, query in topic.queries.items():
        try:
            columns, found = answer(connection, f"{DAYS} {query}", known)
        except duckdb.CatalogException:
            return _not_there(topic.tables)
        except duckdb.BinderException:
            return _of_another_version(topic.tables)
        for values in found:
            row = dict(zip(columns, values, strict=True))
            rows[row.pop("day")][name].append(row)
    return rows


def _section(topic: Topic, found: Rows | Words, day: date, is_drawn: bool, held: frozenset[str]) -> Section:
    if isinstance(found, Words):
        return Section(topic.key, topic.title, notes=[found])
    section = topic.build(Facts(day, is_drawn, found.get(day, {})))
    if stale := [table for table in topic.tables if table in held]:
        section = replace(section, notes=[_held(stale), *section.notes])
    return section


def _not_there(tables: Sequence[str]) -> Words:
    names = ", ".join(tables)
    return Words(
        f"Not known: {names} is not published; a gate held it, or no run has built it yet. See the problems below.",
        f"暂缺：{names} 尚未发布，被质量关卡拦下或还没有运行生成它。原因见下方质量报告。",
    )


def _of_another_version(tables: Sequence[str]) -> Words:
    names = ", ".join(tables)
    return Words(
        f"Not known: {names} was published by an earlier version. The next complete run publishes it anew.",
        f"暂缺：{names} 由较早版本发布，下一次完整运行会重新发布。",
    )


def _held(tables: Sequence[str]) -> Words:
    names = ", ".join(tables)
    return Words(
        f"{names} kept its last good version, since something before it did not pass; these figures may be older.",
        f"{names} 因上游未通过检查而保留上一个合格版本，以下数字可能偏旧。",
    )
