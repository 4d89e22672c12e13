"""Our figures beside the platforms' own: both sums, the gap, and what of it nobody explains."""

from collections.abc import Sequence

from orchestration.publish.health.blocks import (
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

KEY, TITLE = "reconciliation", Words("Beside the platforms' own figures", "与平台口径对账")
METRICS = {
    "paid_amount": Words("Paid", "成交金额"),
    "order_count": Words("Orders", "成交订单数"),
    "buyer_count": Words("Buyers", "成交人数"),
    "net_amount": Words("Net", "净额"),
    "refunded_amount": Words("Refunded, by pay day", "退款（支付时间）"),
    "refunded_amount_refund_time": Words("Refunded, by refund day", "退款（退款时间）"),
    "member_paid_amount": Words("Paid by members when ordering", "会员成交（下单时）"),
    "day_member_paid_amount": Words("Paid by members of the day", "会员成交（当日）"),
    "member_buyer_count": Words("Members who bought", "会员成交人数"),
    "member_count": Words("Members, on the last day", "会员总数（最后一日）"),
    "joined_count": Words("Joined", "新增会员数"),
}

# Sums over the days of four weeks of which both sides tell; a stock is that of the last of them.
GAPS = """
select
    day, platform, shop_id, metric, count(*) as day_count, sum(our_figure) as our_figure,
    sum(platform_figure) as platform_figure, sum(gap) as gap, sum(unexplained_gap) as unexplained_gap,
    count(*) filter (where status = 'beyond_tolerance') as beyond_count
from (
    select * from days
    inner join outputs.kpi__reconciliation_daily as told on told.business_date between days.day - 27 and days.day
    where told.our_figure is not null
    qualify told.metric <> 'member_count' or told.business_date = max(told.business_date) over (
        partition by days.day, told.platform, told.shop_id, told.metric
    )
)
group by all order by all
"""


def build(facts: Facts) -> Section:
    gaps = facts.of("gaps")
    if not gaps:
        return Section(KEY, TITLE, notes=[_none()])
    return Section(KEY, TITLE, summary=_summary(gaps), alert=_alert(gaps), tables=_table(gaps))


def _none() -> Words:
    return Words(
        "No platform's own summary of the last 28 days can be compared: none is delivered, or ours lacks its days.",
        "近 28 天没有可对账的平台汇总：未交付，或我方缺少当日数据。",
    )


def _summary(gaps: Sequence[Row]) -> Words:
    days, beyond = total(gaps, "day_count"), total(gaps, "beyond_count")
    good, told = count(days - beyond), count(days)
    return Words(
        f"{good} of {told} figures of 28 days agree with the platforms' own, or the gap is explained.",
        f"近 28 天 {told} 个对账数值中 {good} 个一致或差异已解释。",
    )


def _alert(gaps: Sequence[Row]) -> Words | None:
    beyond = [row for row in gaps if row["beyond_count"]]
    if not beyond:
        return None
    worst = max(beyond, key=lambda row: (row["beyond_count"], shop(row), row["metric"]))
    name, days = METRICS[worst["metric"]], count(worst["beyond_count"])
    return Words(
        f"Beyond the tolerance: {name.en} of {shop(worst)} on {days} of 28 days, and nothing we hold explains it.",
        f"超出容差：{shop(worst)} 的{name.zh}，近 28 天有 {days} 天，现有数据无法解释。",
    )


def _table(gaps: Sequence[Row]) -> list[Table]:
    columns = (
        Column(Words("Shop", "店铺"), shop, is_number=False),
        Column(Words("Figure", "指标"), of("metric", METRICS.__getitem__), is_number=False),
        Column(Words("Days", "天数"), of("day_count", count)),
        Column(Words("Ours", "我方"), lambda row: _spelt(row, "our_figure")),
        Column(Words("Theirs", "平台"), lambda row: _spelt(row, "platform_figure")),
        Column(Words("Gap", "差异"), lambda row: _spelt(row, "gap")),
        Column(Words("Unexplained", "未解释"), lambda row: _spelt(row, "unexplained_gap")),
        Column(
            Words("of theirs", "占平台"), lambda row: percent(share(row["unexplained_gap"], row["platform_figure"]))
        ),
    )
    return table(Words("28 days, those of which both tell", "近 28 天中双方均有数据的日子"), columns, gaps)


def _spelt(row: Row, column: str) -> str:
    return count(int(row[column])) if row["metric"].endswith("_count") else money(row[column])


TOPIC = Topic(KEY, TITLE, ("outputs.kpi__reconciliation_daily",), {"gaps": GAPS}, build)
