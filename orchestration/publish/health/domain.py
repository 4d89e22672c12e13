"""FAST+: the private domain, and how much of it is alive."""

from datetime import timedelta

from orchestration.publish.health.blocks import (
    Card,
    Facts,
    Row,
    Section,
    Words,
    change,
    compared,
    count,
    growth,
    part_of,
    percent,
    signed,
)
from orchestration.publish.health.topics import Topic

KEY, TITLE = "domain", Words("Private domain (FAST+)", "私域（FAST+）")
PERIOD = 30

SERIES = """
select
    days.day, plus.as_of_date, plus.private_domain_count, plus.entered_count, plus.left_count, plus.net_entered_count,
    plus.private_domain_buyer_count, plus.buyer_count, plus.penetration_ratio, plus.deepened_count,
    plus.deepening_base_count, plus.deepening_ratio, plus.member_count, plus.high_value_member_count,
    plus.high_value_member_ratio, plus.active_member_count_30d, plus.active_member_ratio_30d,
    plus.private_domain_feeds, plus.activity_feeds, plus.is_comparable
from days
inner join outputs.kpi__fast_plus_daily as plus on plus.as_of_date in (days.day, days.day - 30)
order by days.day, plus.as_of_date
"""


def build(facts: Facts) -> Section:
    by_day = {row["as_of_date"]: row for row in facts.of("series")}
    today = by_day.get(facts.day)
    if today is None or today["private_domain_count"] is None:
        missing = Words(
            "Not known: no feed tells of relationships on this day.", "暂缺：当日没有任何私域关系的数据源。"
        )
        return Section(KEY, TITLE, notes=[missing])
    before = by_day.get(facts.day - timedelta(PERIOD)) if today["is_comparable"] else None
    return Section(KEY, TITLE, summary=_summary(today, before), cards=_cards(today, before), notes=[_seen(today)])


def _summary(today: Row, before: Row | None) -> Words:
    people = count(today["private_domain_count"])
    grown = compared(growth(today, before, "private_domain_count"), f"{PERIOD} days before", f" {PERIOD} 天前")
    part, buyers = percent(today["penetration_ratio"]), count(today["buyer_count"])
    return Words(
        f"{people} people have a relationship with the brand{grown.en}; {part} of {buyers} buyers are among them.",
        f"私域 {people} 人{grown.zh}；{buyers} 位买家中 {part} 已在私域。",
    )


def _cards(today: Row, before: Row | None) -> list[Card]:
    entered, left = count(today["entered_count"]), count(today["left_count"])
    net = signed(today["net_entered_count"])
    return [
        Card(
            Words("F · people in the private domain", "F · 私域人数"),
            count(today["private_domain_count"]),
            Words(f"{net} on the day: {entered} came, {left} left", f"当日 {net}：进入 {entered}，离开 {left}"),
            change(growth(today, before, "private_domain_count")),
        ),
        _ratio(Words("Penetration of buyers", "买家私域渗透率"), today, "private_domain_buyer", "buyer", "penetration"),
        _ratio(
            Words("A · deeper role than before", "A · 角色加深率"), today, "deepened", "deepening_base", "deepening"
        ),
        _ratio(Words("S · members of high value", "S · 高价值会员"), today, "high_value_member", "member", ""),
        Card(
            Words("T · members active in 30 days", "T · 30 天活跃会员"),
            percent(today["active_member_ratio_30d"]),
            _counts(today["active_member_count_30d"], today["member_count"]),
        ),
    ]


def _ratio(label: Words, today: Row, part: str, whole: str, ratio: str) -> Card:
    """A ratio with its two counts."""
    return Card(
        label, percent(today[f"{ratio or part}_ratio"]), _counts(today[f"{part}_count"], today[f"{whole}_count"])
    )


def _counts(part: int | None, whole: int | None) -> Words:
    if part is None or whole is None:
        return Words("no feed tells of it", "没有数据源")
    return part_of(part, whole)


def _seen(today: Row) -> Words:
    relations, activities = today["private_domain_feeds"], today["activity_feeds"]
    broken = "" if today["is_comparable"] else " Feeds began or ended lately, so no trend is drawn."
    return Words(
        f"Own definitions, as those of FAST+ are not public. Relationships from: {relations}. Activities from: "
        f"{activities}.{broken}",
        f"FAST+ 公式未公开，此处为自有定义。关系数据源：{relations}；活跃数据源：{activities}。"
        + ("" if today["is_comparable"] else "数据源与 30 天前不同，不作对比。"),
    )


TOPIC = Topic(KEY, TITLE, ("outputs.kpi__fast_plus_daily",), {"series": SERIES}, build)
