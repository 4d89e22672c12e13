"""Made-up histories: few keys, few days and few words, so that rows meet, contradict and overtake each other.

Belongs here: what is drawn. Does not: what a row looks like (`exports.py`), and histories with a name (`nasty.py`).
Every cell is drawn from a short list, first the plainest: a batch of histories has to fit into one hypothesis example.
"""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from tests.properties import exports, platform_exports
from tests.properties.histories import File, History, Row, Rows, Step

STEPS = 4
one = st.sampled_from

LINES, ORDERS, ACCOUNTS, SHOPS = ["l1", "l2", "l3", "l4"], ["o1", "o2", "o3"], ["a1", "a2", "a3"], ["s1", "s2", ""]
NUMBERS = ["000001", "000002", "000003"]
AMOUNTS = ["100.00", "30.00", "0.00", "99.99", "250.00"]
EVENTS = ["01-03", "01-04", "01-11", "02-09", "04-30"]
VERSIONS = [None, "01-04", "01-12", "05-31"]
DELIVERED = [exports.day(text) for text in ("01-05", "01-06", "01-12", "02-10", "06-01")]
ASKED = [exports.day(text) for text in ("01-04", "01-10", "01-20", "02-12", "05-02", "06-20")]

accounts, accounts_or_none = one(ACCOUNTS), one([*ACCOUNTS, None])
events, events_or_none, versions = one(EVENTS), one([*EVENTS, None]), one(VERSIONS)

ROWS: dict[str, st.SearchStrategy[Row]] = {
    "generic/order_lines": st.builds(
        exports.line,
        one(LINES),
        one(ORDERS),
        accounts_or_none,
        shop=one(SHOPS),
        product=one(["p1", "p2", "p3"]),
        paid=events_or_none,
        amount=one(AMOUNTS),
        status=one(["paid", "completed", "placed", "closed"]),
        created=events,
        updated=versions,
        kind=one(["", "sample", "gift"]),
        influencer=one([None, "i1", "i2"]),
        quantity=one(["1", "2"]),
    ),
    "generic/refunds": st.builds(
        exports.refund,
        one(["r1", "r2", "r3"]),
        one([*LINES, "never"]),
        one(["30.00", "100.00", "0.00", "500.00"]),
        shop=one(SHOPS),
        status=one(["succeeded", "pending", "closed"]),
        kind=one(["", "return", "exchange", "price_protection"]),
        applied=events_or_none,
        refunded=events_or_none,
        updated=versions,
    ),
    "generic/members": st.builds(
        exports.member,
        accounts,
        one(["01-02", "01-04", "02-08"]),
        events_or_none,
        shop=one(SHOPS),
        level=one(["gold", "none"]),
        channel=one(["", "store"]),
        updated=versions,
    ),
    "generic/consents": st.builds(
        exports.consent,
        accounts,
        one(["01-01", "01-12", None]),
        one([None, "01-04", "02-09"]),
        platform=one(["", "douyin"]),
        shop=one(SHOPS),
        channel=one(["", "sms", "douyin_sms"]),
        purpose=one(["marketing_message", "profiling"]),
    ),
    "generic/touches": st.builds(
        exports.touch, one(["t1", "t2"]), accounts, events, shop=one(SHOPS), status=one(["sent", "failed"])
    ),
    "generic/products": st.builds(
        exports.product,
        one(["p1", "p2"]),
        one(["sample", "regular"]),
        one([None, "p2", "p3"]),
        platform=one(["", "douyin"]),
        name=one(["", "cup"]),
    ),
    "generic/influencers": st.builds(
        exports.influencer, one(["i1", "i2"]), one(["", "one", "two"]), one(["", "yes"]), platform=one(["", "douyin"])
    ),
    "generic/campaigns": st.builds(
        exports.campaign,
        one(["c1", "c2"]),
        one(["new_members_without_purchase", "sample_to_full_size"]),
        end=one(["12-31", "01-31"]),
        priority=one(["", "1"]),
        channel=one(["", "sms", "douyin_sms"]),
        holdout=one(["0", "0.5"]),
        max_days=one(["", "200"]),
        products=one(["", "~p1", "~p2;~p3"]),
    ),
    "tmall/orders": st.builds(
        platform_exports.tmall_order,
        one(NUMBERS),
        accounts_or_none,
        amount=one(["100.00", "33.34"]),
        status=one(["买家已付款，等待卖家发货", "交易成功", "交易关闭"]),
        paid=events_or_none,
        shop=one(["11", "12"]),
    ),
    "tmall/order_details": st.builds(
        platform_exports.tmall_detail, one(NUMBERS), one(["p1", "p2"]), one(["50.00", "0.00", "16.67"]), one(["1", "3"])
    ),
    "tmall/items": st.builds(
        platform_exports.tmall_item,
        one(NUMBERS),
        one(NUMBERS),
        one(["1", "2"]),
        amount=one(AMOUNTS),
        paid=events_or_none,
    ),
    "tmall/refunds": st.builds(
        platform_exports.tmall_refund,
        one(NUMBERS),
        one(NUMBERS),
        one(["p1", "p2"]),
        one(["20.00", "90.00"]),
        status=one(["退款成功", "退款关闭"]),
    ),
    "douyin/orders": st.builds(
        platform_exports.douyin_line,
        one(NUMBERS),
        one(NUMBERS),
        accounts_or_none,
        amount=one(AMOUNTS),
        status=one(["已发货", "已关闭"]),
        paid=events_or_none,
        influencer=one([None, "77"]),
        kind=one(["普通订单", "达人买样"]),
    ),
    "douyin/aftersales": st.builds(
        platform_exports.douyin_refund,
        one(NUMBERS),
        one(NUMBERS),
        one(NUMBERS),
        one(["20.00", "300.00"]),
        status=one(["退款成功", "售后关闭", "待商家处理"]),
        kind=one(["仅退款", "退货退款", "换货"]),
    ),
}
ONCE_IN_A_FILE = {  # two orders under one line id would refuse the file
    "generic/order_lines": "order_line_id",
    "tmall/items": "子订单编号",
    "douyin/orders": "子订单编号",
}
OFTEN = ["generic/order_lines", "generic/order_lines", "generic/refunds", *ROWS]
FATES = ["stays", "stays", "again", "in two parts", "taken back", "replaced"]


def rows_of(dataset: str, most: int) -> st.SearchStrategy[Rows]:
    once = ONCE_IN_A_FILE.get(dataset)
    unique = (lambda row: row[once]) if once else None
    return st.lists(ROWS[dataset], min_size=1, max_size=most, unique_by=unique).map(tuple)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Files in any order of their days, some of which come again or are taken back."""
    steps: list[dict[File, Rows | None]] = [{} for _ in range(STEPS)]
    for number, dataset in enumerate(draw(st.lists(one(OFTEN), min_size=3, max_size=8))):
        file = File(dataset, draw(one(DELIVERED)), str(number))
        first = draw(st.integers(0, STEPS - 1))
        steps[first][file] = rows = draw(rows_of(dataset, 6))
        fate = draw(one(FATES))
        if first < STEPS - 1 and fate != "stays":
            again = draw(one([on for on in DELIVERED if on >= file.day]))
            steps[draw(st.integers(first + 1, STEPS - 1))] |= draw(_fated(fate, file, rows, again))
    asked = [draw(st.lists(one(ASKED), max_size=2)) for _ in range(STEPS)]
    return History("made up", tuple(map(Step, steps, map(tuple, asked))))


def _fated(fate: str, file: File, rows: Rows, again: date) -> st.SearchStrategy[dict[File, Rows | None]]:
    """What becomes of a file in a later step."""
    half = len(rows) // 2
    if fate == "replaced":
        return rows_of(file.dataset, 2).map(lambda others: {file: others})
    copies: dict[str, dict[File, Rows | None]] = {
        "taken back": {file: None},
        "again": {replace(file, day=again, name=f"{file.name}b"): rows},
        "in two parts": {
            replace(file, day=again, name=f"{file.name}{part}"): some
            for part, some in (("b", rows[:half]), ("c", rows[half:]))
            if some
        },
    }
    return st.just(copies[fate])
