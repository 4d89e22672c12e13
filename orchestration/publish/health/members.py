"""Members against other known buyers, and who came and went."""

from collections.abc import Sequence

from orchestration.publish.health import charts
from orchestration.publish.health.blocks import (
    Card,
    Column,
    Facts,
    Figure,
    Row,
    Section,
    Table,
    Words,
    count,
    money,
    multiple,
    of,
    percent,
    shop,
    signed,
    table,
    total,
)
from orchestration.publish.health.topics import Topic, sums_by_day

KEY, TITLE = "members", Words("Members", "会员")
KINDS = {"week": Words("Last full week", "最近完整周"), "month": Words("Last full month", "最近完整月")}
MULTIPLES = Words(
    "Multiples describe and do not prove: members choose themselves. Only buyers whom the export names are compared.",
    "倍数只描述差异，不能证明因果：会员是自己选择加入的。仅比较导出文件能识别的买家。",
)
COLUMNS = (
    Column(
        Words("Where", "范围"),
        lambda row: Words("whole brand", "全品牌") if row["scope"] == "brand" else shop(row),
        is_number=False,
    ),
    Column(Words("Member buyers", "会员买家"), of("member_buyer_count", count)),
    Column(Words("Known buyers", "已识别买家"), of("buyer_count", count)),
    Column(Words("Per member", "会员人均"), of("member_amount_per_buyer", money)),
    Column(Words("Per other buyer", "其他人均"), of("non_member_amount_per_buyer", money)),
    Column(Words("Per person", "人均倍数"), of("amount_per_buyer_multiple", multiple)),
    Column(Words("Per order", "笔单价倍数"), of("amount_per_order_multiple", multiple)),
    Column(Words("Members' share of net", "会员净额占比"), of("member_net_amount_ratio", percent)),
)

SERIES = sums_by_day("outputs.kpi__member_daily", ("member_count", "joined_count", "left_count"), days=30)
# The last week and the last month that were over by the day.
PERIODS = """
select
    days.day, periods.period_type, periods.period_start, periods.period_end, periods.scope, periods.platform,
    periods.shop_id, periods.member_buyer_count, periods.buyer_count, periods.member_amount_per_buyer,
    periods.non_member_amount_per_buyer, periods.amount_per_buyer_multiple, periods.amount_per_order_multiple,
    periods.member_net_amount_ratio, periods.missing_feeds
from days
inner join outputs.kpi__member_periods as periods
    on periods.period_end between days.day - 30 and days.day and periods.period_type in ('week', 'month')
where periods.scope <> 'platform'
qualify rank() over (partition by days.day, periods.period_type order by periods.period_start desc) = 1
order by days.day, periods.period_type, periods.scope, periods.platform, periods.shop_id
"""


def build(facts: Facts) -> Section:
    series = facts.of("series")
    today = next((row for row in series if row["business_date"] == facts.day), None)
    if today is None or today["member_count"] is None:
        missing = Words(
            "Members are not known: no member feed speaks of this day.", "会员数未知：没有会员数据源涉及这一天。"
        )
        return Section(KEY, TITLE, notes=[missing], tables=_tables(facts.of("periods")))
    brand = [row for row in facts.of("periods") if row["scope"] == "brand"]
    return Section(
        KEY,
        TITLE,
        summary=_summary(series, brand),
        cards=_cards(today, series, brand),
        figures=[_figure(series)] if facts.is_drawn else [],
        tables=_tables(facts.of("periods")),
        notes=[MULTIPLES],
    )


def _moves(series: Sequence[Row]) -> tuple[int, int]:
    return total(series, "joined_count") or 0, total(series, "left_count") or 0


def _summary(series: Sequence[Row], brand: Sequence[Row]) -> Words:
    joined, left = _moves(series)
    moves = Words(
        f"{count(joined)} joined and {count(left)} left in 30 days",
        f"近 30 天入会 {count(joined)}、退会 {count(left)}",
    )
    if not brand or brand[0]["amount_per_buyer_multiple"] is None:
        return Words(f"{moves.en}.", f"{moves.zh}。")
    month = brand[0]
    kind, times = KINDS[month["period_type"]], multiple(month["amount_per_buyer_multiple"])
    return Words(
        f"{moves.en}; in the {kind.en.lower()} a member spent {times} what another known buyer did.",
        f"{moves.zh}；{kind.zh}会员人均支付是其他已识别买家的 {times}。",
    )


def _cards(today: Row, series: Sequence[Row], brand: Sequence[Row]) -> list[Card]:
    joined, left = _moves(series)
    cards = [
        Card(
            Words("Memberships", "会员资格数"),
            count(today["member_count"]),
            Words(
                f"in all shops; {count(today['joined_count'])} joined, {count(today['left_count'])} left on the day",
                f"各店合计；当日入会 {count(today['joined_count'])}，退会 {count(today['left_count'])}",
            ),
        ),
        Card(
            Words("Net growth, 30 days", "近 30 天净增"),
            signed(joined - left),
            Words(f"{count(joined)} joined, {count(left)} left", f"入会 {count(joined)}，退会 {count(left)}"),
        ),
    ]
    return [*cards, *map(_multiple, brand)]


def _multiple(row: Row) -> Card:
    kind = KINDS[row["period_type"]]
    member, other = money(row["member_amount_per_buyer"]), money(row["non_member_amount_per_buyer"])
    return Card(
        Words(f"{kind.en}: spent per person", f"{kind.zh}：人均支付倍数"),
        multiple(row["amount_per_buyer_multiple"]),
        Words(f"{member} a member, {other} others", f"会员 {member}，其他 {other}"),
    )


def _figure(series: Sequence[Row]) -> Figure:
    points = [(row["business_date"], "joined", float(row["joined_count"] or 0)) for row in series]
    points += [(row["business_date"], "left", -float(row["left_count"] or 0)) for row in series]
    joined, left = _moves(series)
    return Figure(
        charts.bars(points, ("joined", "left"), ("var(--c2)", "var(--c4)")),
        Words(
            f"Memberships that began (up) and ended (down) by day: {signed(joined - left)} in all.",
            f"每日入会（向上）与退会（向下）：合计 {signed(joined - left)}。",
        ),
        (("var(--c2)", Words("joined", "入会")), ("var(--c4)", Words("left", "退会"))),
    )


def _tables(periods: Sequence[Row]) -> list[Table]:
    tables: list[Table] = []
    for kind in ("month", "week"):
        rows = [row for row in periods if row["period_type"] == kind]
        if rows:
            name, first, last = KINDS[kind], rows[0]["period_start"], rows[0]["period_end"]
            title = Words(f"{name.en}, {first} to {last}", f"{name.zh}，{first} 至 {last}")
            tables += table(title, COLUMNS, rows)
    return tables


TABLES = ("outputs.kpi__member_daily", "outputs.kpi__member_periods")
TOPIC = Topic(KEY, TITLE, TABLES, {"series": SERIES, "periods": PERIODS}, build)
