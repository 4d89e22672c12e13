"""Which altered rows concern a day's figures, which its lists alone, and which nothing."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.transform.beside import Build
from orchestration.transform.changes import record_changes
from orchestration.transform.difference import CUSTOMER_CAUSES
from orchestration.transform.results import reading

DAY = date(2024, 3, 2)
KEY = {
    "test_metadata": {"name": "unique_combination", "kwargs": {"columns": ["order_line_id"]}},
    "attached_node": "lines",
}
MANIFEST = {"nodes": {"lines": {"schema": "staging", "name": "lines"}, "key": KEY}}
BEFORE = "('l1', 'placed', null::date, 10, 'then', 1)"


def build(folder: Path, line: str) -> Build:
    folder.mkdir()
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        connection.execute(f"""
            create schema staging;
            create table staging.lines as select 'generic' as platform, *
            from (values {line}) as t (order_line_id, order_status, completed_at, amount, content_hash, line_number)
        """)
    with duckdb.connect(str(folder / "finished.duckdb")) as connection:
        connection.execute("""
            create schema marts;
            create table marts.customer_accounts (
                platform varchar, shop_id varchar, account_id varchar, customer_key bigint
            );
            create table marts.order_lines as
            select 'generic' as platform, 's' as shop_id, 'l1' as order_line_id, 7 as customer_key,
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
    with reading(now.databases) as connection:
        record_changes(connection, then, now, {"now": "f"})
        connection.execute("""create table differing_customers as
            select 7 as customer_key, unnest(['list unpaid', 'rfm']) as what, 'a' as known_then, 'b' as known_now""")
        found = connection.execute(CUSTOMER_CAUSES, {"day": DAY, "scored": ["lines"]}).fetchall()
    assert [row[-1] for row in found] == [list_causes, score_causes]
