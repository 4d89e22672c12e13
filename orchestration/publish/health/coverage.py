"""What the figures rest on: who is named, which exports came, and which are due."""

from collections.abc import Sequence

from orchestration.publish.health.blocks import (
    Card,
    Column,
    Facts,
    Row,
    Section,
    Table,
    Words,
    count,
    money,
    of,
    percent,
    share,
    shop,
    table,
    total,
)
from orchestration.publish.health.topics import Topic

KEY, TITLE = "coverage", Words("Data: coverage, and what is missing", "数据：覆盖率与缺失")
LEAST_DELIVERIES = 4

COVERAGE = """
select
    days.day, sales.platform, sales.shop_id, sum(sales.line_count) as line_count,
    sum(sales.customer_line_count) as customer_line_count, sum(sales.paid_amount) as paid_amount,
    sum(sales.customer_paid_amount) as customer_paid_amount
from days
inner join outputs.kpi__sales_daily as sales on sales.business_date between days.day - 27 and days.day
group by all order by days.day, sum(sales.paid_amount) desc, sales.platform, sales.shop_id
"""
# A feed is due when as many days have passed as hardly ever (one time in twenty) lay between two of its deliveries.
DELIVERIES = """
, dates as (
    select distinct platform, dataset, delivery_date from audit.deliveries
    where delivery_date between $first - 89 and $last and status <> 'refused'
),
spaced as (
    select
        days.day, dates.platform, dates.dataset, dates.delivery_date,
        dates.delivery_date - lag(dates.delivery_date) over (
            partition by days.day, dates.platform, dates.dataset order by dates.delivery_date
        ) as gap_days
    from days inner join dates on dates.delivery_date between days.day - 89 and days.day
)
select
    day, platform, dataset, max(delivery_date) as last_date, count(*) as delivery_count,
    quantile_disc(gap_days, 0.95) as usual_gap_days
from spaced group by all order by all
"""


def build(facts: Facts) -> Section:
    shops, datasets = facts.of("coverage"), facts.of("deliveries")
    due = [row for row in datasets if _is_due(row, facts)]
    return Section(
        KEY,
        TITLE,
        summary=_summary(shops, datasets, due),
        alert=_alert(due),
        cards=_cards(shops, datasets, due),
        tables=[*_shops(shops), *_datasets(datasets, facts)],
    )


def _age(row: Row, facts: Facts) -> int:
    return int((facts.day - row["last_date"]).days)


def _is_due(row: Row, facts: Facts) -> bool:
    return row["delivery_count"] >= LEAST_DELIVERIES and _age(row, facts) >= row["usual_gap_days"]


def _named(shops: Sequence[Row]) -> str:
    return percent(share(total(shops, "customer_paid_amount"), total(shops, "paid_amount")))


def _feed(row: Row) -> str:
    return f"{row['platform']}/{row['dataset']}"


def _names(rows: Sequence[Row]) -> str:
    return ", ".join(map(_feed, rows))


def _summary(shops: Sequence[Row], datasets: Sequence[Row], due: Sequence[Row]) -> Words:
    known, came = len(datasets), len(datasets) - len(due)
    return Words(
        f"{_named(shops)} of what was paid in 28 days names its buyer; {came} of {known} feeds are as fresh as usual.",
        f"近 28 天支付金额中 {_named(shops)} 能识别买家；{known} 个数据源中 {came} 个按时到达。",
    )


def _alert(due: Sequence[Row]) -> Words | None:
    if not due:
        return None
    return Words(
        f"Due, but not delivered: {_names(due)}. What rests on them is older than this day.",
        f"应到未到：{_names(due)}。依赖它们的数字早于当日。",
    )


def _cards(shops: Sequence[Row], datasets: Sequence[Row], due: Sequence[Row]) -> list[Card]:
    lines, named = total(shops, "line_count"), total(shops, "customer_line_count")
    return [
        Card(
            Words("Paid by a named buyer, 28 days", "近 28 天可识别买家的支付占比"),
            _named(shops),
            Words(f"{count(named)} of {count(lines)} order lines", f"{count(named)} / {count(lines)} 条订单行"),
        ),
        Card(
            Words("Feeds as fresh as usual", "按时到达的数据源"),
            f"{len(datasets) - len(due)} / {len(datasets)}",
            Words(_names(due) or "none is due", _names(due) or "无逾期"),
        ),
    ]


def _shops(shops: Sequence[Row]) -> list[Table]:
    columns = (
        Column(Words("Shop", "店铺"), shop, is_number=False),
        Column(Words("Lines", "订单行"), of("line_count", count)),
        Column(Words("with a buyer", "可识别行"), of("customer_line_count", count)),
        Column(
            Words("Share of lines", "行占比"), lambda row: percent(share(row["customer_line_count"], row["line_count"]))
        ),
        Column(Words("Paid", "支付"), of("paid_amount", money)),
        Column(Words("Share of paid", "金额占比"), lambda row: _named([row])),
    )
    return table(Words("Whose orders name a buyer, 28 days", "近 28 天订单的买家识别率"), columns, shops)


def _datasets(datasets: Sequence[Row], facts: Facts) -> list[Table]:
    due, fresh = Words("due", "逾期"), Words("as usual", "正常")
    columns = (
        Column(Words("Feed", "数据源"), _feed, is_number=False),
        Column(Words("Last delivery", "最近交付"), of("last_date", str)),
        Column(Words("Days ago", "距今天数"), lambda row: count(_age(row, facts))),
        Column(Words("Usual gap, days at most", "通常最长间隔（天）"), of("usual_gap_days", count)),
        Column(Words("State", "状态"), lambda row: due if _is_due(row, facts) else fresh, is_number=False),
    )
    return table(Words("Feeds of the last 90 days", "近 90 天的数据源"), columns, datasets)


TABLES = ("outputs.kpi__sales_daily", "audit.deliveries")
TOPIC = Topic(KEY, TITLE, TABLES, {"coverage": COVERAGE, "deliveries": DELIVERIES}, build)
