"""The ways of thirty days between the states of a customer (AIPL), where the same feeds told of both days of a way."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from orchestration.publish.health.blocks import Column, Facts, Row, Section, Words, count, table
from orchestration.publish.health.topics import Topic

KEY, TITLE = "flows", Words("Ways between states (AIPL)", "状态流转（AIPL）")
STATES = {
    "none": Words("no state", "无状态"),
    "interested": Words("interested (I)", "兴趣 I"),
    "purchased": Words("purchased (P)", "购买 P"),
    "loyal": Words("loyal (L)", "忠诚 L"),
}

# Where a feed began or ended within the thirty days, other feeds told of the states before: no way leads across it.
TOLD = """
, told as (
    select days.day, max(feeds.changed_date) as since
    from days
    left join (
        select feed, unnest([begun_date, ended_date]) as changed_date from marts.feeds
    ) as feeds
        on feeds.feed in ('orders', 'members') and feeds.changed_date between days.day - 29 and days.day
    group by days.day
)
"""
CHANGES = f"{TOLD} select day, since from told where since is not null"
MOVES = f"""{TOLD}
select
    told.day, flows.from_state, flows.to_state, flows.direction, sum(flows.customer_count) as customer_count,
    count(distinct flows.as_of_date) as day_count
from told
inner join outputs.kpi__aipl_flows_daily as flows
    on flows.as_of_date between told.day - 29 and told.day and flows.as_of_date > coalesce(told.since, told.day - 30)
where flows.direction <> 'stay'
group by all order by all
"""


def build(facts: Facts) -> Section:
    moves = facts.of("moves")
    changed = [_changed(row["since"]) for row in facts.of("changes")]
    if not moves:
        unasked = Words("Not known: none of the 30 days was asked for.", "暂缺：30 天内没有运行过的日子。")
        return Section(KEY, TITLE, notes=changed or [unasked])
    known = max(row["day_count"] for row in moves)
    title = Words(f"Moves on {known} of 30 days, each customer once per move", f"30 天中 {known} 天的流转人次")
    columns = [
        Column(Words("From, to →", "从 \\ 到 →"), STATES.__getitem__, is_number=False),
        *(Column(words, partial(_way, moves, state)) for state, words in STATES.items()),
    ]
    return Section(
        KEY, TITLE, summary=_summary(moves, known), tables=table(title, columns, list(STATES)), notes=changed
    )


def _changed(since: date) -> Words:
    return Words(
        f"A feed of buyers or members began or ended on {since}: no move is told across that change, only later ones.",
        f"{since} 有买家或会员数据源开始或中断：数据源变化前后不作流转对比，仅统计其后各日。",
    )


def _summary(moves: Sequence[Row], known: int) -> Words:
    up, down = (count(_sum(moves, direction=way)) for way in ("up", "down"))
    loyal, gone = count(_sum(moves, to_state="loyal")), count(_sum(moves, to_state="none"))
    return Words(
        f"On {known} of 30 days {up} moves between states went up and {down} down; "
        f"{loyal} led to loyal, {gone} to none.",
        f"30 天中 {known} 天上升 {up} 人次，下降 {down} 人次；其中升为忠诚 {loyal}，变为无状态 {gone}。",
    )


def _sum(moves: Sequence[Row], **wanted: str) -> int:
    found = (row for row in moves if all(row[name] == value for name, value in wanted.items()))
    return int(sum(row["customer_count"] or 0 for row in found))


def _way(moves: Sequence[Row], state: str, origin: str) -> str:
    if state == origin:
        return ""
    way = [row for row in moves if (row["from_state"], row["to_state"]) == (origin, state)]
    return count(None if any(row["customer_count"] is None for row in way) else _sum(way))


TOPIC = Topic(KEY, TITLE, ("outputs.kpi__aipl_flows_daily", "marts.feeds"), {"moves": MOVES, "changes": CHANGES}, build)
