"""Campaigns: what they brought, how near their goal they are, and whether treatment beats the control group."""

from collections.abc import Sequence

from orchestration.publish.health.blocks import (
    UNKNOWN,
    Card,
    Column,
    Facts,
    Row,
    Section,
    Words,
    count,
    money,
    of,
    percent,
    share,
    table,
)
from orchestration.publish.health.topics import Topic

KEY, TITLE = "campaigns", Words("Campaigns and lift", "活动与提升")
CARDS = 4
CONCLUSIONS = {
    "treatment_better": Words("more bought than in the control group", "高于对照组"),
    "treatment_worse": Words("fewer bought than in the control group", "低于对照组"),
}
REASONS = {
    "window_open": Words("not yet: the window is open", "未到期：窗口未结束"),
    "treatment_group_empty": Words("not known: nobody was treated", "未知：实验组为空"),
    "control_group_empty": Words("not known: no control group", "未知：没有对照组"),
    "no_orders_told": Words("not known: no orders were told", "未知：没有订单数据"),
    "groups_too_small": Words("not known: too few people", "未知：人数太少"),
    "interval_holds_zero": Words("no difference that is sure", "差异不显著"),
}
LACKING = {
    "orders": Words("orders", "订单"),
    "refunds": Words("refunds", "退款"),
    "costs": Words("costs", "成本"),
    "coupon uses": Words("coupon uses", "用券记录"),
    "goal": Words("goal", "目标"),
}


def _lacking(row: Row) -> Words:
    """What the figures that are unknown lack; nothing where none is."""
    feeds = [LACKING.get(feed, Words(feed, feed)) for feed in (row["missing_feeds"] or "").split(", ") if feed]
    return Words(", ".join(feed.en for feed in feeds), "、".join(feed.zh for feed in feeds))


RESPONSES = (
    Column(Words("Campaign", "活动"), of("campaign_id", str), is_number=False),
    Column(Words("Window, days", "窗口（天）"), lambda row: f"{row['window_days']}{' …' if row['is_open'] else ''}"),
    Column(Words("Delivered", "送达"), of("delivered_count", count)),
    Column(Words("Responded", "响应"), of("responded_count", count)),
    Column(Words("Rate", "响应率"), of("responded_ratio", percent)),
    Column(Words("Net", "净额"), of("net_amount", money)),
    Column(Words("Goal", "目标"), of("goal_amount", money)),
    Column(Words("Reached", "达成"), of("goal_ratio", percent)),
    Column(Words("Cost", "成本"), of("total_cost_amount", money)),
    Column(Words("ROI", "ROI"), lambda row: UNKNOWN if row["roi"] is None else f"{row['roi']:,.1f}"),
    Column(Words("– for want of", "– 因缺少"), _lacking, is_number=False),
)

# The widest window of a campaign says most. The tables hold one day's state, that of the last business day asked for.
RESPONSE = """
select
    days.day, response.campaign_id, response.window_days, response.is_open, response.delivered_count,
    response.responded_count, response.responded_ratio, response.net_amount, response.goal_amount, response.goal_ratio,
    response.total_cost_amount, response.roi, response.missing_feeds,
    coalesce(days.day between campaigns.start_date and campaigns.end_date, false) as is_running, campaigns.priority
from days
inner join outputs.kpi__campaign_response as response on response.as_of_date = days.day and response.scope = 'campaign'
left join marts.campaigns as campaigns on campaigns.campaign_id = response.campaign_id
qualify rank() over (partition by days.day, response.campaign_id order by response.window_days desc) = 1
order by days.day, is_running desc, campaigns.priority nulls last, response.campaign_id
"""
LIFT = """
select
    days.day, lift.campaign_id, lift.window_days, lift.treatment_count, lift.control_count,
    lift.treatment_responded_count, lift.control_responded_count, lift.treatment_responded_ratio,
    lift.control_responded_ratio, lift.responded_lift, lift.responded_lift_low, lift.responded_lift_high,
    lift.conclusion, lift.not_conclusive_reason
from days
inner join outputs.kpi__campaign_lift as lift
    on lift.as_of_date = days.day and lift.tier = 'all' and lift.variant = 'all' and lift.campaign_id <> '*'
qualify rank() over (partition by days.day, lift.campaign_id order by lift.window_days desc) = 1
order by days.day, lift.campaign_id
"""
STATE = """
select days.day, max(response.as_of_date) as known_date
from days cross join outputs.kpi__campaign_response as response group by days.day
"""


def build(facts: Facts) -> Section:
    campaigns, lifts, state = facts.of("response"), facts.of("lift"), facts.of("state")
    if not campaigns:
        return Section(KEY, TITLE, notes=[_missing(facts, state)])
    running = [row for row in campaigns if row["is_running"]]
    return Section(
        KEY,
        TITLE,
        headline=_headline(running),
        summary=_summary(running, lifts),
        cards=[_card(row) for row in running[:CARDS]],
        tables=[
            *table(
                Words("What messages were followed by (…: a window is still open)", "触达后的成交（… 表示窗口未结束）"),
                RESPONSES,
                campaigns,
            ),
            *table(Words("Treatment against control", "实验组与对照组"), LIFTS, lifts),
        ],
        notes=[CAUTION],
    )


CAUTION = Words(
    "What came in a window is not all due to the message: only the lift against the control group tells what is. "
    "A person and an order count once in each campaign, so campaigns do not add up.",
    "窗口内的成交并不都来自触达，只有与对照组相比的提升才说明效果。人和订单在每个活动各计一次，活动之间不可相加。",
)


def _missing(facts: Facts, state: Sequence[Row]) -> Words:
    if state and state[0]["known_date"] != facts.day:
        known = state[0]["known_date"]
        return Words(
            f"Not known of this day: campaigns are measured as of {known}, the last day asked for; see its page.",
            f"当日未知：活动效果按最近运行日 {known} 计算，请看那一天的页面。",
        )
    return Words(
        "Not known: no campaign has a plan or a message by this day.", "暂缺：截至当日没有活动计划或触达记录。"
    )


def _headline(running: Sequence[Row]) -> Words | None:
    """Of the running campaign of the highest priority that has a goal."""
    row = next((row for row in running if row["goal_ratio"] is not None), None)
    if row is None:
        return None
    ratio = percent(row["goal_ratio"])
    return Words(f"{row['campaign_id']} at {ratio} of its goal", f"{row['campaign_id']} 达成目标的 {ratio}")


def _summary(running: Sequence[Row], lifts: Sequence[Row]) -> Words:
    better, worse = (
        sum(row["conclusion"] == word for row in lifts) for word in ("treatment_better", "treatment_worse")
    )
    number, measured = len(running), len(lifts)
    return Words(
        f"{number} running; of {measured} with a control group, {better} surely sold more for it, {worse} less, and "
        f"{measured - better - worse} cannot tell yet.",
        f"进行中活动 {number} 个；有对照组的 {measured} 个中，{better} 个显著提升，{worse} 个显著下降，"
        f"{measured - better - worse} 个尚无定论。",
    )


def _card(row: Row) -> Card:
    amount, goal = money(row["net_amount"]), money(row["goal_amount"])
    if row["goal_amount"] is None:
        return Card(
            Words(row["campaign_id"], row["campaign_id"]), amount, Words("net, without a goal", "净额，未设目标")
        )
    return Card(
        Words(f"{row['campaign_id']}: goal reached", f"{row['campaign_id']}：目标达成"),
        percent(row["goal_ratio"]),
        Words(f"{amount} net of {goal}", f"净额 {amount} / {goal}"),
    )


def _conclusion(row: Row) -> Words | str:
    return CONCLUSIONS.get(row["conclusion"]) or REASONS.get(row["not_conclusive_reason"]) or UNKNOWN


def _bought(row: Row, arm: str) -> str:
    bought, people = row[f"{arm}_responded_count"], row[f"{arm}_count"]
    return f"{percent(share(bought, people))} ({count(bought)})"


def _interval(row: Row) -> str:
    middle, low, high = (_points(row[name]) for name in ("responded_lift", "responded_lift_low", "responded_lift_high"))
    return middle if UNKNOWN in (low, high) else f"{middle} ({low} … {high})"


def _points(lift: float | None) -> str:
    return UNKNOWN if lift is None else f"{100 * lift:+.1f}".replace("-", "−")


LIFTS = (
    Column(Words("Campaign", "活动"), lambda row: f"{row['campaign_id']} · {row['window_days']} d", is_number=False),
    Column(Words("Treatment", "实验组"), of("treatment_count", count)),
    Column(Words("Control", "对照组"), of("control_count", count)),
    Column(Words("Bought, treatment", "实验组购买率"), lambda row: _bought(row, "treatment")),
    Column(Words("Bought, control", "对照组购买率"), lambda row: _bought(row, "control")),
    Column(Words("Lift, points (95 %)", "提升（95 % 区间）"), _interval),
    Column(Words("Reading", "结论"), _conclusion, is_number=False),
)
TABLES = ("outputs.kpi__campaign_response", "outputs.kpi__campaign_lift", "marts.campaigns")
TOPIC = Topic(KEY, TITLE, TABLES, {"response": RESPONSE, "lift": LIFT, "state": STATE}, build)
