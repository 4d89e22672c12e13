"""Sales: the day, the week, each shop."""

from collections.abc import Sequence
from datetime import date, timedelta

from orchestration.publish.health import charts
from orchestration.publish.health.blocks import (
    UNKNOWN,
    Card,
    Column,
    Facts,
    Figure,
    Row,
    Section,
    Table,
    Words,
    change,
    compared,
    count,
    growth,
    money,
    of,
    percent,
    share,
    shop,
    short_day,
    table,
    total,
)
from orchestration.publish.health.topics import Topic, sums_by_day

KEY, TITLE = "sales", Words("Sales", "销售")
WEEK = 7
NOTABLE_GROWTH, NOTABLE_REFUNDS = 0.2, 1.5
AMOUNTS = ("net_amount", "paid_amount", "refunded_amount", "told_paid_amount")
SHOP_COLUMNS = (
    Column(Words("Shop", "店铺"), shop, is_number=False),
    Column(Words("Orders", "订单"), of("order_count", count)),
    Column(Words("Buyers", "买家"), of("buyer_count", count)),
    Column(Words("Paid", "支付"), of("paid_amount", money)),
    Column(Words("Net", "净额"), of("net_amount", money)),
    Column(Words("A week before", "上周同日"), of("net_amount_before", money)),
    Column(
        Words("Refunded, 28 days", "近 28 天退款率"),
        lambda row: percent(share(row["refunded_amount_28d"], row["told_paid_amount_28d"])),
    ),
)

# What was paid where refunds are known: a share of more than that would be too small. Days that were built before there
# was a `told_paid_amount` lack it, and count all the same.
SALES = """(
    select * replace (case when refunded_amount is not null then paid_amount end as told_paid_amount)
    from outputs.kpi__sales_daily
)"""
SERIES = sums_by_day(SALES, ("order_count", *AMOUNTS), days=56)
# A shop of the last four weeks that sold nothing on the day stands there all the same.
SHOPS = f"""
select
    days.day, sales.platform, sales.shop_id,
    sum(sales.order_count) filter (where business_date = days.day) as order_count,
    sum(sales.paid_amount) filter (where business_date = days.day) as paid_amount,
    sum(sales.net_amount) filter (where business_date = days.day) as net_amount,
    sum(sales.buyer_count) filter (where business_date = days.day) as buyer_count,
    sum(sales.net_amount) filter (where business_date = days.day - 7) as net_amount_before,
    coalesce(sum(sales.net_amount) filter (where business_date > days.day - 7), 0)
    - coalesce(sum(sales.net_amount) filter (where business_date between days.day - 13 and days.day - 7), 0)
        as moved_amount,
    sum(sales.paid_amount) as paid_amount_28d, sum(sales.told_paid_amount) as told_paid_amount_28d,
    sum(sales.refunded_amount) as refunded_amount_28d
from days
inner join {SALES} as sales on sales.business_date between days.day - 27 and days.day
group by all order by days.day, paid_amount_28d desc, sales.platform, sales.shop_id
"""


def build(facts: Facts) -> Section:
    by_day = {row["business_date"]: row for row in facts.of("series")}
    today, before = by_day.get(facts.day), by_day.get(facts.day - timedelta(WEEK))
    if today is None:
        return Section(KEY, TITLE, headline=_silent(facts.day), tables=_shops(facts))
    week, earlier = _week(by_day, facts.day), _week(by_day, facts.day - timedelta(WEEK))
    return Section(
        KEY,
        TITLE,
        headline=_headline(today, before, facts.day),
        summary=_summary(week, earlier),
        alert=_alert(week, earlier, facts.of("shops")),
        cards=[*_cards_of_day(today, before, facts.day), *_cards_of_week(week, earlier)],
        figures=[_figure(facts.of("series"), week, facts.day)] if facts.is_drawn else [],
        tables=_shops(facts),
    )


def _week(by_day: dict[date, Row], last: date) -> Row:
    """The sums of the known ones of seven days."""
    known = [row for day, row in by_day.items() if last - timedelta(WEEK) < day <= last]
    return {name: total(known, name) for name in AMOUNTS} | {"day_count": len(known)}


def _silent(day: date) -> Words:
    known = short_day(day)
    return Words(
        f"No sale of {known.en} is known: no delivered order file speaks of one",
        f"{known.zh}没有已知成交：已交付的订单文件都没有涉及",
    )


def _headline(today: Row, before: Row | None, day: date) -> Words:
    amount, grown = money(today["net_amount"]), change(growth(today, before, "net_amount"))
    if grown:
        return Words(
            f"Net sales {amount}, {grown} on the same day a week before", f"净销售额 {amount}，较上周同日 {grown}"
        )
    then = short_day(day - timedelta(WEEK))
    return Words(
        f"Net sales {amount}; {then.en}, a week before, has none to compare with",
        f"净销售额 {amount}；一周前（{then.zh}）没有可比的成交",
    )


def _week_growth(week: Row, earlier: Row) -> float | None:
    """Of seven days that are all known, over seven that are."""
    return None if _no_week_growth(week, earlier) else growth(week, earlier, "net_amount")


def _no_week_growth(week: Row, earlier: Row) -> Words | None:
    """Why the week does not compare with the one before; nothing where it does."""
    if week["day_count"] < WEEK:
        known = week["day_count"]
        return Words(f"not compared: {known} of the {WEEK} days are known", f"无法比较：{WEEK} 天中仅 {known} 天有数")
    if earlier["day_count"] < WEEK:
        known = earlier["day_count"]
        return Words(
            f"not compared: {known} of the {WEEK} days before are known", f"无法比较：前 {WEEK} 天中仅 {known} 天有数"
        )
    if earlier["net_amount"] <= 0:
        return Words("not compared: nothing was left of the 7 days before", "无法比较：前 7 天净额不为正")
    return None


def _refunds(rows: Row) -> float | None:
    return share(rows["refunded_amount"], rows["told_paid_amount"])


def _summary(week: Row, earlier: Row) -> Words:
    amount, refunds = money(week["net_amount"]), _refunds(week)
    grown = compared(_week_growth(week, earlier), "the seven before", "前 7 天")
    known = week["day_count"]
    partly = (f" (only {known} of them are known)", f"（仅 {known} 天有数）") if known < WEEK else ("", "")
    back = Words("what came back is not known", "退款未知")
    if refunds is not None:
        back = Words(f"{percent(refunds)} of what was paid has come back so far", f"已退款占支付 {percent(refunds)}")
    return Words(
        f"Seven days brought {amount} net{partly[0]}{grown.en}; {back.en}.",
        f"近 7 天净销售额 {amount}{partly[1]}{grown.zh}；{back.zh}。",
    )


def _alert(week: Row, earlier: Row, shops: Sequence[Row]) -> Words | None:
    grown, now, before = _week_growth(week, earlier), _refunds(week), _refunds(earlier)
    if grown is not None and abs(grown) >= NOTABLE_GROWTH:
        moved = max(shops, key=lambda row: row["moved_amount"] * (1 if grown > 0 else -1))
        amount = money(moved["moved_amount"])
        return Words(
            f"Net sales of seven days: {change(grown)} on the seven before; {shop(moved)} moved most, by {amount}.",
            f"近 7 天净销售额较前 7 天 {change(grown)}；变动最大的店铺是 {shop(moved)}（{amount}）。",
        )
    if now and before and now >= NOTABLE_REFUNDS * before:
        return Words(
            f"{percent(now)} of what was paid in seven days came back, after {percent(before)} in the seven before.",
            f"近 7 天退款占支付 {percent(now)}，前 7 天为 {percent(before)}，而近 7 天的退款还会增加。",
        )
    return None


def _cards_of_day(today: Row, before: Row | None, day: date) -> list[Card]:
    then, past = short_day(day - timedelta(WEEK)), money(before["net_amount"]) if before else UNKNOWN
    return [
        Card(
            Words("Net sales of the day", "当日净销售额"),
            money(today["net_amount"]),
            Words(f"{past} on {then.en}", f"{then.zh} {past}"),
            change(growth(today, before, "net_amount")),
        ),
        Card(
            Words("Orders of the day", "当日订单"),
            count(today["order_count"]),
            Words(f"{money(today['paid_amount'])} paid", f"支付 {money(today['paid_amount'])}"),
            change(growth(today, before, "order_count")),
        ),
    ]


def _cards_of_week(week: Row, earlier: Row) -> list[Card]:
    past, refunded, paid = (
        money(earlier["net_amount"]),
        money(week["refunded_amount"]),
        money(week["told_paid_amount"]),
    )
    why = _no_week_growth(week, earlier)
    returned = Words(f"{refunded} of {paid}, still growing", f"{refunded} / {paid}，仍会增加")
    if week["refunded_amount"] is None:
        returned = Words("no feed tells of refunds", "没有退款数据源")
    return [
        Card(
            Words("Net sales, 7 days", "近 7 天净销售额"),
            money(week["net_amount"]),
            Words(f"{past} in the 7 days before", f"前 7 天 {past}") if why is None else why,
            change(_week_growth(week, earlier)),
        ),
        Card(
            Words("Refunded, 7 days", "近 7 天退款"),
            percent(_refunds(week)),
            returned,
        ),
    ]


def _figure(series: Sequence[Row], week: Row, day: date) -> Figure:
    first = day - timedelta(WEEK)
    points = [
        (row["business_date"], "week" if row["business_date"] > first else "before", float(row["net_amount"]))
        for row in series
    ]
    best = max(series, key=lambda row: (row["net_amount"], row["business_date"]))
    average, most, when = (
        money(week["net_amount"] / week["day_count"]),
        money(best["net_amount"]),
        best["business_date"],
    )
    return Figure(
        charts.bars(points, ("before", "week"), ("var(--pale)", "var(--c1)")),
        Words(
            f"Net yuan by day of payment: {average} a day in the last seven; "
            f"the best of eight weeks was {short_day(when).en} with {most}.",
            f"按支付日的净销售额（元）：近 7 天日均 {average}；八周内最高为{short_day(when).zh} {most}。",
        ),
        (("var(--c1)", Words("last 7 days", "近 7 天")), ("var(--pale)", Words("before", "此前"))),
    )


def _shops(facts: Facts) -> list[Table]:
    title = Words(
        "By shop (–: no sale is known, or the export names no buyer)",
        "按店铺（– 表示没有已知成交，或导出文件不含买家）",
    )
    return table(title, SHOP_COLUMNS, facts.of("shops"))


TOPIC = Topic(KEY, TITLE, ("outputs.kpi__sales_daily",), {"series": SERIES, "shops": SHOPS}, build)
