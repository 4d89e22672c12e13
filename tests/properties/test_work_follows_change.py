"""A change costs what it concerns: rows of other customers, orders and days are not made again, not even as they were.

Before the change every row of some tables gets a figure that no build would give it: where it stays, nobody has made
the row again.
"""

import duckdb
import pytest

from tests.properties.exports import campaign, consent, day, line, member, refund
from tests.properties.histories import History, side_by_side
from tests.properties.nasty.writing import came, step

pytestmark = pytest.mark.long

PEOPLE = [f"a{number}" for number in range(1, 9)]
CHANGED, CHANGED_ON = "a3", "01-20"
BUSINESS_DAYS = "01-10 01-15 01-19 01-20 01-25"
FIRST = step(
    came("campaigns", "01-05", campaign(max_days="999")),
    came("members", "01-05", *(member(who) for who in PEOPLE)),
    came("consents", "01-05", *(consent(who) for who in PEOPLE)),
    came(
        "order_lines",
        "01-05",
        *(line(f"early-{who}", f"early-{who}", who, paid="01-03") for who in PEOPLE),
        *(line(f"late-{who}", f"late-{who}", who, paid=CHANGED_ON) for who in PEOPLE),
    ),
    came(
        "refunds",
        "01-05",
        *(refund(who, f"late-{who}", "1.00", applied="01-21", refunded="01-22") for who in PEOPLE),
    ),
    asked=BUSINESS_DAYS,
)
RESTATED = step(
    came(
        "order_lines",
        "01-06",
        line(f"late-{CHANGED}", f"late-{CHANGED}", CHANGED, paid=CHANGED_ON, amount="70.00", updated="01-24"),
    )
)
IMPOSSIBLE = 1_000_000
BY_PERSON = {"customer_rfm_periods": "quantity", "orders": "quantity"}
BY_DAY = {"kpi__sales_daily": "quantity", "kpi__fast_daily": "purchased_count", "rfm_cutoffs_daily": "customer_count"}
DAY = {"kpi__sales_daily": "business_date"}


@pytest.fixture(scope="module")
def made_again(installation) -> dict[str, set[object]]:
    """By table: the customers, or the days, of the rows that the second build made."""
    steps = side_by_side([History("one line restated", (FIRST, RESTATED))])
    for number, _ in enumerate(installation.tables_along(steps)):
        with duckdb.connect(str(installation.settings.finished_file)) as connection:
            if number == 0:
                for table, column in (BY_PERSON | BY_DAY).items():
                    connection.execute(f"update {_place(table)} set {column} = {IMPOSSIBLE}")
                continue
            return {
                table: {
                    key
                    for (key,) in connection.execute(
                        f"select {_key(table)} from {_place(table)} where {column} <> {IMPOSSIBLE}"
                    ).fetchall()
                }
                for table, column in (BY_PERSON | BY_DAY).items()
            }
    raise AssertionError("there was no second build")


def _place(table: str) -> str:
    return f"{'outputs' if table.startswith('kpi__') else 'marts'}.{table}"


def _key(table: str) -> str:
    return "customer_key" if table in BY_PERSON else DAY.get(table, "as_of_date")


def test_of_persons_the_changed_one_alone_is_made_again(made_again):
    persons = {table: made_again[table] for table in BY_PERSON}
    assert [len(keys) for keys in persons.values()] == [1, 1], persons
    assert len(set.union(*persons.values())) == 1


def test_of_days_those_that_the_change_can_be_seen_on_are_made_again(made_again):
    """Of sales its own day; of states the days from then on, and the new day of the delivery."""
    later = {day(one) for one in (CHANGED_ON, "01-25", "01-06")}
    assert {table: made_again[table] for table in BY_DAY} == {
        "kpi__sales_daily": {day(CHANGED_ON)},
        "kpi__fast_daily": later,
        "rfm_cutoffs_daily": later,
    }
