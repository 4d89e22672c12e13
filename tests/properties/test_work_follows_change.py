"""A change costs what it concerns: rows of other customers and days are not written again, not even as they were.

A row that is written again gets another number in its table (`rowid`), so what was left alone can be told from it.
"""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from tests.properties.exports import campaign, consent, day, line, member, refund
from tests.properties.histories import History, side_by_side
from tests.properties.installation import SteppedInstallation
from tests.properties.nasty.writing import came, step

pytestmark = pytest.mark.long

PEOPLE = [f"a{number}" for number in range(1, 9)]
CHANGED, CHANGED_ON = "a3", "01-20"
FIRST = step(
    came("campaigns", "01-05", campaign(max_days="999")),
    came("members", "01-05", *(member(who) for who in PEOPLE)),
    came("consents", "01-05", *(consent(who) for who in PEOPLE)),
    came(
        "order_lines",
        "01-05",
        *(line(f"early {who}", f"early {who}", who, paid="01-03") for who in PEOPLE),
        *(line(f"late {who}", f"late {who}", who, paid=CHANGED_ON, influencer="i1") for who in PEOPLE),
    ),
    came(
        "refunds", "01-05", *(refund(who, f"late {who}", "1.00", applied="01-21", refunded="01-22") for who in PEOPLE)
    ),
    asked="01-10 01-15 01-19 01-20 01-25",
)
RESTATED = step(
    came(
        "order_lines",
        "01-06",
        line(f"late {CHANGED}", f"late {CHANGED}", CHANGED, paid=CHANGED_ON, amount="70.00", updated="01-24"),
    )
)


@pytest.fixture(scope="module")
def written(installation: SteppedInstallation) -> dict[str, list[dict[str, object]]]:
    """By table that is brought up to date: the rows that the second run has written."""
    steps = side_by_side([History("one line restated", (FIRST, RESTATED))])
    before: dict[str, set[int]] = {}
    for number, _ in enumerate(installation.tables_along(steps)):
        if number == 0:
            before = {table: {row["rowid"] for row in rows} for table, rows in _tables(installation)}
    return {table: [row for row in rows if row["rowid"] not in before[table]] for table, rows in _tables(installation)}


def _tables(installation: SteppedInstallation) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """The rows of every mart and output that is brought up to date, each with its number in the table."""
    nodes = installation.manifest.nodes.values()
    kept = [node for node in nodes if node.resource_type == "model" and node.config.materialized == "incremental"]
    with duckdb.connect(str(installation.settings.finished_file), read_only=True) as connection:
        for node in kept:
            if node.schema in ("marts", "outputs"):
                found = connection.execute(f"select rowid, * from {node.schema}.{node.name}")
                names = [column[0] for column in found.description or []]
                yield node.name, [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_of_persons_only_the_changed_one_is_written(written):
    [customer] = {row["customer_key"] for row in written["order_lines"]}
    by_person = {
        table: {row["customer_key"] for row in rows}
        for table, rows in written.items()
        if rows and "customer_key" in rows[0] and "as_of_date" not in rows[0]
    }
    assert {"order_lines", "orders", "customer_products", "customer_rfm_periods"} <= by_person.keys()
    assert {table: keys for table, keys in by_person.items() if keys != {customer}} == {}


def test_of_days_only_those_from_the_change_on_are_written(written):
    columns = ("as_of_date", "business_date", "paid_date")
    days = {
        table: min(on for row in rows for column in columns if isinstance(on := row.get(column), date))
        for table, rows in written.items()
        if rows and any(isinstance(rows[0].get(column), date) for column in columns) and "customer_key" not in rows[0]
    }
    assert {"kpi__fast_daily", "kpi__sales_daily", "rfm_cutoffs_daily"} <= days.keys()
    assert {table: first for table, first in days.items() if first < day(CHANGED_ON)} == {}


def test_what_the_change_does_not_concern_is_not_written(written):
    assert {"members", "customer_identifiers", "membership_levels"} <= written.keys()
    assert not any(written[table] for table in ("customer_identifiers", "membership_levels"))
