"""A platform's summary that nobody can explain stops publication, a corrected one lets it go on; costs make returns;
what a shop delivers nothing of is null with a reason."""

import re
from datetime import date

import pytest

from tests.conftest import Installation
from tests.end_to_end.conftest import span

pytestmark = pytest.mark.long

FIRST, SECOND = date(2024, 3, 1), date(2024, 3, 2)
ORDER_LINES = """\
platform,shop_id,order_id,order_line_id,account_id,quantity,paid_amount,order_status,created_at,paid_at
douyin,68830001,O1,L1,buyer-1,1,100.00,completed,2024-03-01 10:00:00,2024-03-01 10:01:00
douyin,68830001,O2,L2,buyer-2,1,40.00,completed,2024-03-02 10:00:00,2024-03-02 10:01:00
"""
COSTS = """\
cost_date,cost_type,amount
2024-03-01,gift,20.00
2024-03-02,acquisition,50.00
2024-03-02,goods,40.00
2024-03-02,freight,5.50
"""


@pytest.fixture(scope="module")
def shop(install) -> Installation:
    return install(SIYU_START_DATE=str(FIRST))


def deliver(shop: Installation, folder: str, day: date, content: str) -> None:
    file = shop.home / "inbox" / folder / str(day) / "file.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")


def summary(amount: str) -> str:
    return f"日期,店铺ID,成交金额\n2024-03-01,68830001,{amount}\n"


def test_a_gap_that_nobody_explains_stops_publication_until_it_is_corrected(shop):
    deliver(shop, "generic/order_lines", FIRST, ORDER_LINES)
    deliver(shop, "generic/costs", FIRST, COSTS)
    deliver(shop, "douyin/shop_summaries", FIRST, summary("150.00"))
    told = shop.siyu(*span(FIRST, SECOND), expect=1)
    [line] = [line for line in told.splitlines() if line.startswith("blocked:")]
    assert "outputs/kpi__reconciliation_daily" in line and "no_gap_is_beyond_its_tolerance" in line
    assert "metric paid_amount" in line and "shop_id 68830001" in line

    deliver(shop, "douyin/shop_summaries", SECOND, summary("100.00"))
    shop.siyu("run", "--day", str(SECOND))
    compared = "select metric, our_figure, platform_figure, status from outputs.kpi__reconciliation_daily"
    assert [(metric, *map(str, rest)) for metric, *rest in shop.rows(compared)] == [
        ("paid_amount", "100.00", "100.00", "equal")
    ]


def test_costs_that_are_delivered_make_returns(shop):
    columns = """net_amount, total_cost_amount, contribution_amount, member_cost_amount,
        acquisition_cost_per_customer, profit_amount"""
    [returns] = shop.rows(f"select {columns}, missing_feeds from outputs.kpi__returns_monthly")
    assert [str(value) for value in returns] == ["140.00", "70.00", "70.00", "20.00", "25.00", "24.50", "None"]


def test_counts_and_amounts_that_are_unknown_stand_beside_what_lacks(shop):
    """Of those that a metric is made of, in every table that names the feeds that lack."""
    tables = dict(
        shop.rows("""select table_name, list(column_name) from information_schema.columns
        where table_schema = 'outputs' group by table_name having count_if(column_name = 'missing_feeds') = 1""")
    )
    made_of = {
        (table, part)
        for table, column, formula in shop.rows(
            "select table_name, column_name, formula from outputs.kpi__metrics where not_computed_reason is null"
        )
        for part in {column, *re.findall(r"\w+", formula)} & set(tables.get(table, ()))
        if re.search(r"_(count|amount)(_\d+d)?$", part)
        and not part.startswith(("previous", "last_year", "others"))  # these are of another row
    }
    assert len(made_of) > 50
    for table, part in sorted(made_of):
        over = "and is_complete" if "is_complete" in tables[table] else ""
        unexplained = f"select count(*) from outputs.{table} where {part} is null and missing_feeds is null {over}"
        assert shop.rows(unexplained) == [(0,)], f"{table}.{part}"


def test_members_of_whom_nothing_is_delivered_are_unknown(shop):
    told = shop.rows("select distinct member_count, member_order_count, missing_feeds from outputs.kpi__member_daily")
    assert told == [(None, None, "members")]
