"""The lists of the day: how many people, and why the others are left out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from orchestration.publish.health import charts
from orchestration.publish.health.blocks import (
    Column,
    Facts,
    Figure,
    Row,
    Section,
    Table,
    Words,
    count,
    percent,
    share,
    table,
)
from orchestration.publish.health.topics import Topic

KEY, TITLE = "audiences", Words("Audience lists", "人群包")
REASONS = {
    "campaign_refused": Words("the plan is wrong", "活动计划有误"),
    "no_consent": Words("never agreed", "未授权"),
    "opted_out": Words("opted out", "已退订"),
    "left_programme": Words("left the programme", "已退会"),
    "unreachable": Words("no account to write to", "无法触达"),
    "touched_recently": Words("written to lately", "近期已触达"),
    "open_refund": Words("refund is open", "退款处理中"),
    "bought_recently": Words("bought lately", "近期已购买"),
    "universal_holdout": Words("universal holdout", "全局对照组"),
    "below_minimum_size": Words("list too small", "人数低于下限"),
    "over_budget": Words("over the day's budget", "超出当日预算"),
    "in_higher_priority_campaign": Words("in a campaign above", "已在更高优先级活动"),
}
SIZES = """
, counted as (
    select as_of_date, campaign_id, template, arm, suppressed_reason, count(*) as customer_count
    from outputs.audience_decisions where as_of_date between $first - 27 and $last group by all
)
select days.day, counted.* from days
inner join counted on counted.as_of_date between days.day - 27 and days.day
order by all
"""


def build(facts: Facts) -> Section:
    today = [row for row in facts.of("sizes") if row["as_of_date"] == facts.day]
    if not today:
        return Section(KEY, TITLE, notes=[Words("No campaign had a list on this day.", "当日没有活动名单。")])
    campaigns = sorted({row["campaign_id"] for row in today})
    return Section(
        KEY,
        TITLE,
        summary=_summary(today, campaigns),
        figures=[_figure(facts.of("sizes"), campaigns)] if facts.is_drawn else [],
        tables=_by_campaign(today, campaigns),
    )


def _people(rows: Iterable[Row]) -> int:
    return sum(row["customer_count"] for row in rows)


def _size(rows: Iterable[Row], arm: str) -> int:
    return _people(row for row in rows if row["arm"] == arm)


def _left_out(rows: Sequence[Row]) -> list[tuple[str, int]]:
    """Reasons, the commonest first."""
    reasons: dict[str, int] = defaultdict(int)
    for row in rows:
        if row["suppressed_reason"] is not None:
            reasons[row["suppressed_reason"]] += row["customer_count"]
    return sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))


def _reason(name: str) -> Words:
    return REASONS.get(name, Words(name.replace("_", " "), name.replace("_", " ")))


def _summary(today: Sequence[Row], campaigns: Sequence[str]) -> Words:
    lists, control, out = _size(today, "treatment"), _size(today, "control"), _left_out(today)
    number = len(campaigns)
    campaigned = "1 campaign" if number == 1 else f"{number} campaigns"
    said = Words(
        f"The lists of {campaigned} hold {count(lists)} contacts, with {count(control)} kept as control",
        f"{number} 个活动的名单共 {count(lists)} 人，对照组 {count(control)} 人",
    )
    if not out:
        return Words(f"{said.en} and nobody left out.", f"{said.zh}；无人被排除。")
    missed, why = sum(number for _, number in out), _reason(out[0][0])
    return Words(
        f"{said.en} and {count(missed)} left out, most often: {why.en} ({count(out[0][1])}).",
        f"{said.zh}；排除 {count(missed)} 人，最常见原因：{why.zh}（{count(out[0][1])}）。",
    )


def _figure(sizes: Sequence[Row], campaigns: Sequence[str]) -> Figure:
    shown = campaigns[: len(charts.COLOURS)]
    days = sorted({row["as_of_date"] for row in sizes})
    people: dict[tuple[date, str], int] = defaultdict(int)
    for row in sizes:
        if row["arm"] == "treatment":
            people[row["as_of_date"], row["campaign_id"]] += row["customer_count"]
    points = [(day, name, float(people[day, name])) for day in days for name in shown]
    return Figure(
        charts.bars(points, shown),
        Words(
            "People on each day's list by campaign, without the control group.", "每日各活动名单人数（不含对照组）。"
        ),
        tuple((colour, Words(name, name)) for colour, name in zip(charts.COLOURS, shown, strict=False)),
    )


def _by_campaign(today: Sequence[Row], campaigns: Sequence[str]) -> list[Table]:
    columns = (
        Column(Words("Campaign", "活动"), lambda rows: rows[0]["campaign_id"], is_number=False),
        Column(Words("Candidates", "候选"), lambda rows: count(_people(rows))),
        Column(Words("On the list", "名单"), lambda rows: count(_size(rows, "treatment"))),
        Column(Words("Control", "对照组"), lambda rows: count(_size(rows, "control"))),
        Column(Words("Left out", "排除"), _missed),
        Column(Words("Why, first reason of each", "原因（每人取第一个）"), _why, is_number=False),
    )
    rows = [[row for row in today if row["campaign_id"] == campaign] for campaign in campaigns]
    return table(Words("By campaign", "按活动"), columns, rows)


def _missed(rows: Sequence[Row]) -> str:
    missed = sum(number for _, number in _left_out(rows))
    return f"{count(missed)} ({percent(share(missed, _people(rows)))})"


def _why(rows: Sequence[Row]) -> Words:
    why = [(_reason(name), count(number)) for name, number in _left_out(rows)]
    return Words(
        ", ".join(f"{words.en} {number}" for words, number in why) or "nobody",
        "，".join(f"{words.zh} {number}" for words, number in why) or "无",
    )


TOPIC = Topic(KEY, TITLE, ("outputs.audience_decisions",), {"sizes": SIZES}, build)
