"""Influencers: who sold, and what came back."""

from collections.abc import Sequence

from orchestration.publish.health.blocks import (
    Column,
    Facts,
    Row,
    Section,
    Table,
    Words,
    bar,
    count,
    money,
    of,
    percent,
    share,
    table,
    total,
)
from orchestration.publish.health.topics import Topic

KEY, TITLE = "influencers", Words("Influencers", "达人")
SHOWN = 10
NOTABLE_REFUNDS, NOTABLE_ORDERS = 1.5, 10

# The last four weeks say who sells now; what comes back is told by days of payment whose refunds
# are known, and have had their time.
SELLERS = """
select
    days.day, sales.influencer_key, max(sales.influencer_name) as influencer_name,
    bool_or(sales.is_own_account) as is_own_account,
    sum(sales.order_count) filter (where sales.paid_date > days.day - 28) as order_count,
    sum(sales.paid_amount) filter (where sales.paid_date > days.day - 28) as paid_amount,
    sum(sales.net_amount) filter (where sales.paid_date > days.day - 28) as net_amount,
    sum(sales.order_count) filter (where sales.is_mature) as mature_order_count,
    sum(sales.paid_amount) filter (where sales.is_mature and sales.refunded_amount is not null) as mature_paid_amount,
    sum(sales.refunded_amount) filter (where sales.is_mature) as mature_refunded_amount
from days
inner join outputs.kpi__influencer_daily as sales on sales.paid_date between days.day - 89 and days.day
group by days.day, sales.influencer_key
having sum(sales.order_count) filter (where sales.paid_date > days.day - 28) > 0
order by days.day, net_amount desc, sales.influencer_key
"""


def build(facts: Facts) -> Section:
    sellers = facts.of("sellers")
    if not sellers:
        missing = Words(
            "Not known: no order of the last 28 days names an influencer.", "暂缺：近 28 天没有注明达人的订单。"
        )
        return Section(KEY, TITLE, notes=[missing])
    return Section(
        KEY,
        TITLE,
        summary=_summary(sellers),
        alert=_alert(sellers),
        tables=_table(sellers[:SHOWN], len(sellers)),
    )


def _name(row: Row) -> str:
    return str(row["influencer_name"] or row["influencer_key"])


def _title(row: Row) -> Words | str:
    return Words(f"{_name(row)} (own account)", f"{_name(row)}（自营）") if row["is_own_account"] else _name(row)


def _refunds(row: Row) -> float | None:
    return share(row["mature_refunded_amount"], row["mature_paid_amount"])


def _summary(sellers: Sequence[Row]) -> Words:
    first, whole = sellers[0], total(sellers, "net_amount")
    part = percent(share(first["net_amount"], whole))
    return Words(
        f"{count(len(sellers))} influencers brought {money(whole)} net in 28 days; {_name(first)} alone {part} of it.",
        f"近 28 天 {count(len(sellers))} 位达人带来净额 {money(whole)}；其中 {_name(first)} 占 {part}。",
    )


def _alert(sellers: Sequence[Row]) -> Words | None:
    """The one whose ripe refunds stand out, of those with enough orders to say so."""
    usual = share(total(sellers, "mature_refunded_amount"), total(sellers, "mature_paid_amount"))
    odd = [
        row
        for row in sellers
        if usual
        and (row["mature_order_count"] or 0) >= NOTABLE_ORDERS
        and (_refunds(row) or 0) > NOTABLE_REFUNDS * usual
    ]
    if not odd:
        return None
    worst = max(odd, key=lambda row: (_refunds(row) or 0, row["influencer_key"]))
    name, ratio, orders = _name(worst), percent(_refunds(worst)), count(worst["mature_order_count"])
    return Words(
        f"{ratio} of what {name} sold came back ({orders} orders), against {percent(usual)} of all: see the sessions.",
        f"{name} 的退款率为 {ratio}（{orders} 单），整体为 {percent(usual)}：请复盘其场次。",
    )


def _table(sellers: Sequence[Row], known: int) -> list[Table]:
    longest = max(row["net_amount"] for row in sellers)
    columns = (
        Column(Words("Influencer", "达人"), _title, is_number=False),
        Column(Words("Net, 28 days", "近 28 天净额"), lambda row: bar(row["net_amount"], longest)),
        Column(Words("Paid", "支付"), of("paid_amount", money)),
        Column(Words("Orders", "订单"), of("order_count", count)),
        Column(Words("Refunded, ripe days", "到期退款率"), lambda row: percent(_refunds(row))),
        Column(Words("of orders", "到期订单"), of("mature_order_count", count)),
    )
    title = Words(
        f"The first {len(sellers)} of {known} by net yuan; refunds of 90 days, of pay days that have had their time",
        f"净额前 {len(sellers)} 位（共 {known} 位）；退款率取近 90 天中已过退款期的支付日",
    )
    return table(title, columns, sellers)


TOPIC = Topic(KEY, TITLE, ("outputs.kpi__influencer_daily",), {"sellers": SELLERS}, build)
