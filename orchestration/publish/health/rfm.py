"""Recency by frequency, and who moved between segments in thirty days."""

from collections import defaultdict
from collections.abc import Sequence

from orchestration.publish.health.blocks import (
    Card,
    Cell,
    Column,
    Facts,
    Grid,
    Row,
    Section,
    Table,
    Words,
    count,
    money,
    percent,
    share,
    signed,
    table,
    total,
)
from orchestration.publish.health.topics import Topic

KEY, TITLE = "rfm", Words("Recency, frequency, money (RFM)", "RFM 分层")
SCORES = (5, 4, 3, 2, 1)
NOBODY = "none"
SEGMENTS = {
    "important_value": Words("important: recent, often", "重要价值"),
    "important_develop": Words("important: recent, seldom", "重要发展"),
    "important_recall": Words("important: often, long ago", "重要保持"),
    "important_retain": Words("important: seldom, long ago", "重要挽留"),
    "general_value": Words("general: recent, often", "一般价值"),
    "general_develop": Words("general: recent, seldom", "一般发展"),
    "general_recall": Words("general: often, long ago", "一般保持"),
    "general_retain": Words("general: seldom, long ago", "一般挽留"),
}

GRID = """
select as_of_date as day, r_score, f_score, rfm_segment, count(*) as customer_count, sum(net_amount) as net_amount
from marts.customer_rfm_daily where as_of_date between $first and $last
group by all order by all
"""
CUTS = """
select
    days.day, now.recency_days_for_2, now.recency_days_for_3, now.recency_days_for_4, now.recency_days_for_5,
    now.order_count_for_2, now.order_count_for_3, now.order_count_for_4, now.order_count_for_5,
    before.as_of_date is not null as is_known_before
from days
inner join marts.rfm_cutoffs_daily as now on now.as_of_date = days.day
left join marts.rfm_cutoffs_daily as before on before.as_of_date = days.day - 30
"""
# Two states of every customer and day: for the days with charts alone. The view computes every day that it is not asked
# about by a plain date.
MOVES = """
, now as (
    select as_of_date as day, customer_key, rfm_segment from marts.customer_rfm_daily
    where as_of_date between $drawn_from and $last
),
past as (
    select as_of_date + 30 as day, customer_key, rfm_segment from marts.customer_rfm_daily
    where as_of_date between $drawn_from - 30 and $last - 30
)
select
    coalesce(now.day, past.day) as day, coalesce(past.rfm_segment, 'none') as segment_before,
    coalesce(now.rfm_segment, 'none') as segment, count(*) as customer_count
from now full outer join past on now.day = past.day and now.customer_key = past.customer_key
group by all order by all
"""


def build(facts: Facts) -> Section:
    grid, moves = facts.of("grid"), facts.of("moves")
    if not grid:
        missing = Words(
            "Not known: no named buyer has a purchase that stands by this day.",
            "暂缺：截至当日没有可识别买家的有效购买。",
        )
        return Section(KEY, TITLE, notes=[missing])
    cuts = facts.of("cuts")[0]
    is_compared = facts.is_drawn and cuts["is_known_before"]
    return Section(
        KEY,
        TITLE,
        summary=_summary(grid, moves, is_compared),
        cards=_cards(grid, moves, is_compared),
        grids=[_grid(grid, cuts)],
        tables=_segments(grid, moves, is_compared),
        notes=[] if is_compared else [_unknown_before(facts)],
    )


def _unknown_before(facts: Facts) -> Words:
    if not facts.is_drawn:
        return Words(
            "Who moved in 30 days is told for the last 31 days of a run; run this day by itself to see it.",
            "30 天流转只在一次运行的最后 31 天给出；单独运行这一天即可查看。",
        )
    return Words(
        "The day 30 days before was never asked for, so that nobody's way can be told: run it too.",
        "30 天前的那一天没有运行过，无法比较流转；补跑那一天即可。",
    )


def _moved(moves: Sequence[Row], before: str, now: str) -> int:
    """Customers who went from segments that begin with the one word to those with the other."""
    found = (row for row in moves if row["segment_before"].startswith(before) and row["segment"].startswith(now))
    return sum(row["customer_count"] for row in found)


def _summary(grid: Sequence[Row], moves: Sequence[Row], is_compared: bool) -> Words:
    customers = total(grid, "customer_count")
    important = sum(row["customer_count"] for row in grid if row["rfm_segment"].startswith("important"))
    ratio = percent(share(important, customers))
    if not is_compared:
        return Words(
            f"{count(important)} of {count(customers)} buyers of a year are important by what they spent ({ratio}).",
            f"一年内 {count(customers)} 位买家中 {count(important)} 位为重要客户（{ratio}）。",
        )
    up, down = _moved(moves, "general", "important"), _moved(moves, "important", "general")
    gone = _moved(moves, "important", NOBODY)
    return Words(
        f"{count(important)} of {count(customers)} buyers of a year are important ({ratio}); in 30 days {count(up)} of "
        f"the others became so, {count(down)} no longer are and {count(gone)} fell out of the year.",
        f"一年内 {count(customers)} 位买家中 {count(important)} 位为重要客户（{ratio}）；"
        f"30 天内 {count(up)} 位升为重要，{count(down)} 位降级，{count(gone)} 位已超过一年未购。",
    )


def _cards(grid: Sequence[Row], moves: Sequence[Row], is_compared: bool) -> list[Card]:
    customers = total(grid, "customer_count")
    best = [row for row in grid if row["r_score"] >= 4 and row["f_score"] >= 4]
    fresh, gone = _moved(moves, NOBODY, ""), _moved(moves, "", NOBODY)
    cards = [
        Card(
            Words("Buyers within a year", "一年内买家"),
            count(customers),
            Words(f"{money(total(grid, 'net_amount'))} net", f"净额 {money(total(grid, 'net_amount'))}"),
        ),
        Card(
            Words("Recent and frequent (R, F ≥ 4)", "近且频（R、F ≥ 4）"),
            count(total(best, "customer_count") or 0),
            Words(
                f"{percent(share(total(best, 'net_amount') or 0, total(grid, 'net_amount')))} of the net amount",
                f"占净额 {percent(share(total(best, 'net_amount') or 0, total(grid, 'net_amount')))}",
            ),
        ),
    ]
    moved = Card(
        Words("Came and went, 30 days", "30 天进出"),
        f"{signed(fresh)} / {signed(-gone)}",
        Words("first purchase in the window / none left in it", "新进入窗口 / 窗口内已无购买"),
    )
    return [*cards, moved] if is_compared else cards


def _grid(grid: Sequence[Row], cuts: Row) -> Grid:
    by_scores: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in grid:
        by_scores[row["r_score"], row["f_score"]].append(row)
    most = max(total(rows, "customer_count") for rows in by_scores.values())

    def cell(r: int, f: int) -> Cell | None:
        rows = by_scores.get((r, f))
        if not rows:
            return None
        customers = total(rows, "customer_count")
        return Cell(count(customers), money(total(rows, "net_amount")), round(100 * customers / most))

    frequencies = sorted({row["f_score"] for row in grid}, reverse=True)
    return Grid(
        Words(
            "Customers and their net yuan by recency (rows) and frequency (columns); 5 is best, equal values are equal",
            "按近度（行）与频度（列）的人数与净额：5 为最好，数值相同则分数相同",
        ),
        [_frequency(f, cuts) for f in frequencies],
        [(_recency(r, cuts), [cell(r, f) for f in frequencies]) for r in SCORES],
    )


def _recency(score: int, cuts: Row) -> Words:
    if score == 1:
        longer = cuts["recency_days_for_2"]
        return Words(f"R1 · over {longer} days ago", f"R1 · {longer} 天以前")
    days = cuts[f"recency_days_for_{score}"]
    return Words(f"R{score} · up to {days} days", f"R{score} · {days} 天内")


def _frequency(score: int, cuts: Row) -> Words:
    if score == 1:
        return Words("F1 · fewer orders", "F1 · 更少")
    orders = cuts[f"order_count_for_{score}"]
    return Words(f"F{score} · from {orders} order{'' if orders == 1 else 's'}", f"F{score} · {orders} 单起")


def _segments(grid: Sequence[Row], moves: Sequence[Row], is_compared: bool) -> list[Table]:
    here: dict[str, list[Row]] = defaultdict(list)
    for row in grid:
        here[row["rfm_segment"]].append(row)
    columns = [
        Column(Words("Segment", "分层"), SEGMENTS.__getitem__, is_number=False),
        Column(Words("Customers", "人数"), lambda segment: count(total(here[segment], "customer_count") or 0)),
        Column(Words("Net yuan", "净额"), lambda segment: money(total(here[segment], "net_amount") or 0)),
    ]
    known = [segment for segment in SEGMENTS if here[segment] or _moved(moves, segment, "")]
    title = Words("Segments, and the way of 30 days", "分层及 30 天流转")
    return table(title, [*columns, *(_ways(moves) if is_compared else ())], known)


def _ways(moves: Sequence[Row]) -> Sequence[Column]:
    into: dict[str, int] = defaultdict(int)
    out: dict[str, int] = defaultdict(int)
    for row in moves:
        if row["segment_before"] != row["segment"]:
            into[row["segment"]] += row["customer_count"]
            out[row["segment_before"]] += row["customer_count"]
    return (
        Column(Words("30 days before", "30 天前"), lambda segment: count(_moved(moves, segment, ""))),
        Column(Words("Came", "进入"), lambda segment: signed(into[segment])),
        Column(Words("Went", "离开"), lambda segment: signed(-out[segment])),
    )


TABLES = ("marts.customer_rfm_daily", "marts.rfm_cutoffs_daily")
TOPIC = Topic(KEY, TITLE, TABLES, {"grid": GRID, "cuts": CUTS, "moves": MOVES}, build)
