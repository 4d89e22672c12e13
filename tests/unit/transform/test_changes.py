"""Which altered rows concern a day's figures, which its lists alone, and which nothing."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.transform.beside import Build
from orchestration.transform.changes import record_changes
from orchestration.transform.difference import CUSTOMER_CAUSES, METRICS
from orchestration.transform.results import reading

DAY = date(2024, 3, 2)
KEYS = {
    f"key of {table}": {
        "test_metadata": {"name": "unique_combination", "kwargs": {"columns": [column]}},
        "attached_node": table,
    }
    for table, column in {"lines": "order_line_id", "plan": "campaign_id"}.items()
}
MANIFEST = {"nodes": {table: {"schema": "staging", "name": table} for table in ("lines", "plan")} | KEYS}
BEFORE = "('l1', 'placed', null::date, 10, 'then', 1)"


PLANNED = "('spring', 5, 'then'), ('autumn', 5, 'then')"


def build(folder: Path, line: str, plan: str = PLANNED, customer: int = 7) -> Build:
    """One order line of one customer, and a plan of campaigns with their sizes."""
    folder.mkdir()
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        connection.execute(f"""
            create schema staging;
            create table staging.lines as select 'generic' as platform, *
            from (values {line}) as t (order_line_id, order_status, completed_at, amount, content_hash, line_number);
            create table staging.plan as select * from (values {plan}) as t (campaign_id, size, content_hash)
        """)
    with duckdb.connect(str(folder / "finished.duckdb")) as connection:
        connection.execute(f"""
            create schema marts;
            create table marts.customer_accounts (
                platform varchar, shop_id varchar, account_id varchar, customer_key bigint
            );
            create table marts.order_lines as
            select 'generic' as platform, 's' as shop_id, 'l1' as order_line_id, {customer} as customer_key,
                cast(null as date) as paid_date
        """)
    return Build({name: folder / f"{name}.duckdb" for name in ("warehouse", "finished")}, MANIFEST)


@pytest.mark.parametrize(
    ("after", "list_causes", "score_causes"),
    [
        ("('l1', 'closed', null::date, 10, 'now', 2)", ["f"], []),
        ("('l1', 'placed', date '2024-03-09', 10, 'now', 2)", ["f"], []),
        ("('l1', 'placed', null::date, 11, 'now', 2)", ["f"], ["f"]),
        ("('l1', 'placed', null::date, 10, 'now', 2)", [], []),
    ],
)
def test_a_status_or_an_end_that_was_restated_concerns_lists_and_no_figure(
    tmp_path: Path, after: str, list_causes: list[str], score_causes: list[str]
) -> None:
    then, now = build(tmp_path / "then", BEFORE), build(tmp_path / "now", after)
    found = causes(then, now, {"now": "f"}, "(7, 'list unpaid'), (7, 'rfm')")
    assert found == [list_causes, score_causes]


def causes(then: Build, now: Build, files: dict[str, str], differing: str) -> list[list[str]]:
    """The files named for each customer and list that differ."""
    with reading(now.databases) as connection:
        record_changes(connection, then, now, files)
        connection.execute(f"""create table differing_customers as
            select *, 'a' as known_then, 'b' as known_now from (values {differing}) as t (customer_key, what)""")
        found = connection.execute(CUSTOMER_CAUSES, {"day": DAY, "scored": ["lines"]}).fetchall()
    return [row[-1] for row in found]


ALTERED, FILES = "('l1', 'closed', null::date, 10, 'now', 2)", {"now": "order", "replanned": "plan"}


def test_the_plan_is_named_beside_the_persons_own_rows_for_its_campaign_alone(tmp_path: Path) -> None:
    then = build(tmp_path / "then", BEFORE)
    now = build(tmp_path / "now", ALTERED, "('spring', 9, 'replanned'), ('autumn', 5, 'then')")
    found = causes(then, now, FILES, "(7, 'list autumn'), (8, 'list autumn'), (7, 'list spring'), (8, 'list spring')")
    assert found == [["order"], ["plan"], ["order", "plan"], ["plan"]]


def test_who_became_another_customer_is_concerned_as_both(tmp_path: Path) -> None:
    then, now = build(tmp_path / "then", BEFORE, customer=7), build(tmp_path / "now", ALTERED, customer=5)
    found = causes(then, now, FILES, "(5, 'list spring'), (7, 'list spring'), (8, 'list spring')")
    assert found == [["order"], ["order"], ["order"]]


def test_a_difference_is_that_of_the_figures_as_they_are_written() -> None:
    with duckdb.connect() as connection:
        for state, value in {"then": 12706.23, "now": 12414.79}.items():
            connection.execute(f"""create table metrics_{state} as select 't' as table_name, '' as key, 'm' as metric,
                {value}::double as value, null as platform, null as shop_id, true as is_state, [] as made_of""")
        connection.execute(METRICS)
        assert connection.execute("select difference from differing").fetchall() == [(-291.44,)]
