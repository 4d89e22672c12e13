"""F A S T: how many customers have a state, how many moved up, members, and those of them who bought."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from orchestration.publish.health import charts
from orchestration.publish.health.blocks import (
    Card,
    Facts,
    Figure,
    Row,
    Section,
    Words,
    change,
    compared,
    count,
    growth,
    part_of,
    percent,
    share,
)
from orchestration.publish.health.topics import Topic

KEY, TITLE = "fast", Words("Customer base (FAST)", "消费者资产（FAST）")
PERIOD = 30
NOTABLE = 0.1
STATES = (
    ("loyal", Words("loyal (L)", "忠诚 L")),
    ("purchased", Words("purchased (P)", "购买 P")),
    ("interested", Words("interested (I)", "兴趣 I")),
)

SERIES = """
select
    days.day, fast.as_of_date, fast.fertility_count, fast.interested_count, fast.purchased_count, fast.loyal_count,
    fast.deepened_count, fast.deepening_base_count, fast.advancing_ratio, fast.superiority_count,
    fast.active_member_count, fast.thriving_ratio, fast.feeds, fast.fertility_period_count, fast.is_comparable,
    coalesce((
        select max(if(ended_date <= days.day, ended_date, begun_date))
        from marts.feeds where feed in ('orders', 'members') and begun_date <= days.day
    ), days.day) as told_since
from days
inner join outputs.kpi__fast_daily as fast on fast.as_of_date between days.day - 55 and days.day
order by days.day, fast.as_of_date
"""


def build(facts: Facts) -> Section:
    by_day: dict[date, Row] = {row["as_of_date"]: row for row in facts.of("series")}
    today = by_day.get(facts.day)
    if today is None or today["feeds"] == "none":
        missing = Words(
            "Not known: no feed tells of buyers or members on this day.",
            "暂缺：当日没有任何买家或会员数据源。",
        )
        return Section(KEY, TITLE, notes=[missing])
    before = by_day.get(facts.day - timedelta(PERIOD)) if today["is_comparable"] else None
    return Section(
        KEY,
        TITLE,
        summary=_summary(today, before),
        alert=_alert(today, before),
        cards=_cards(today, before),
        figures=[_figure(_drawn(by_day, today), today)] if facts.is_drawn else [],
        notes=[_seen(today)],
    )


def _summary(today: Row, before: Row | None) -> Words:
    grown = compared(growth(today, before, "fertility_count"), f"{PERIOD} days before", f" {PERIOD} 天前")
    base, members = count(today["fertility_count"]), count(today["superiority_count"])
    if today["superiority_count"] is None:
        return Words(
            f"{base} customers are in reach (F){grown.en}; members are not known, since no feed tells of them.",
            f"可运营消费者（F）{base} 人{grown.zh}；没有会员数据源，会员数未知。",
        )
    active, ratio = count(today["active_member_count"]), percent(today["thriving_ratio"])
    return Words(
        f"{base} customers are in reach (F){grown.en}; {active} of {members} members bought lately (T {ratio}).",
        f"可运营消费者（F）{base} 人{grown.zh}；会员 {members} 人中 {active} 人近期购买（T {ratio}）。",
    )


def _alert(today: Row, before: Row | None) -> Words | None:
    grown = growth(today, before, "fertility_count")
    if grown is None or grown > -NOTABLE:
        return None
    now, past = count(today["fertility_count"]), count(before["fertility_count"] if before else None)
    return Words(
        f"The base in reach (F) shrank from {past} to {now} in {PERIOD} days: fewer come than leave their states.",
        f"可运营消费者（F）{PERIOD} 天内由 {past} 降至 {now}：新进入的人少于状态到期的人。",
    )


def _cards(today: Row, before: Row | None) -> list[Card]:
    parts = [(words, count(today[f"{state}_count"])) for state, words in STATES]
    deepened, base = count(today["deepened_count"]), count(today["deepening_base_count"])
    return [
        Card(
            Words("F · customers in reach", "F · 可运营消费者"),
            count(today["fertility_count"]),
            Words(
                " · ".join(f"{number} {words.en}" for words, number in parts),
                " · ".join(f"{words.zh} {number}" for words, number in parts),
            ),
            change(growth(today, before, "fertility_count")),
        ),
        Card(
            Words("A · moved up a state", "A · 人群加深率"),
            percent(today["advancing_ratio"]),
            Words(
                f"{deepened} of {base} who had a state a period ago",
                f"一个周期前有状态的 {base} 人中 {deepened} 人加深",
            ),
        ),
        Card(
            Words("S · members", "S · 超级用户（会员）"),
            count(today["superiority_count"]),
            Words("each person once, all shops", "全部店铺去重")
            if today["superiority_count"] is not None
            else Words("no feed tells of members", "没有会员数据源"),
            change(growth(today, before, "superiority_count")),
        ),
        Card(
            Words("T · members who bought lately", "T · 超级用户活跃度"),
            percent(today["thriving_ratio"]),
            part_of(today["active_member_count"], today["superiority_count"]),
        ),
    ]


def _drawn(by_day: Mapping[date, Row], today: Row) -> list[Row]:
    """The days told by the same feeds as today: no trend is drawn across a change of feeds."""
    return [row for day, row in by_day.items() if day >= today["told_since"]]


def _figure(rows: Sequence[Row], today: Row) -> Figure:
    points = [
        (row["as_of_date"], state, float(row[f"{state}_count"]))
        for row in rows
        for state, _ in STATES
        if row[f"{state}_count"] is not None
    ]
    loyal = percent(share(today["loyal_count"], today["fertility_count"]))
    colours = charts.COLOURS
    return Figure(
        charts.bars(points, [state for state, _ in STATES], colours),
        Words(
            f"Customers by state at each day's end: {loyal} are loyal, with several purchase days within a year.",
            f"每日末各状态人数：忠诚（一年内多日购买）占 {loyal}。",
        ),
        tuple((colour, words) for colour, (_, words) in zip(colours, STATES, strict=False)),
    )


def _seen(today: Row) -> Words:
    broken, period = not today["is_comparable"], count(today["fertility_period_count"])
    return Words(
        f"Seen through: {today['feeds']}. Browsing is in no export, so aware (A of AIPL) is invisible. {period} "
        "customers had a state on any day of the period."
        + (f" The feeds were others {PERIOD} days before: nothing is compared, and bars begin anew." if broken else ""),
        f"数据源：{today['feeds']}。导出文件没有浏览数据，AIPL 的 A（认知）不可见。周期内任一天有状态的共 {period} 人。"
        + (f"{PERIOD} 天前的数据源不同，不作对比，图表自数据源最后一次开始或中断之日绘制。" if broken else ""),
    )


TOPIC = Topic(KEY, TITLE, ("outputs.kpi__fast_daily", "marts.feeds"), {"series": SERIES}, build)
