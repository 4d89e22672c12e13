"""Histories that shops have really had, each the shortest that shows its trouble.

Belongs here: a name that says what happens, and the files. Does not: what must come of it: always what a rebuild gives.
"""

from collections.abc import Mapping

from tests.properties.exports import (
    campaign,
    consent,
    day,
    douyin_line,
    douyin_refund,
    influencer,
    line,
    member,
    own,
    product,
    refund,
    tmall_detail,
    tmall_item,
    tmall_order,
    tmall_refund,
    touch,
)
from tests.properties.histories import File, History, Row, Rows, Step

Changes = Mapping[File, Rows | None]


def step(*parts: Changes, asked: str = "", is_broken_off: bool = False) -> Step:
    return Step(
        {file: rows for part in parts for file, rows in part.items()},
        tuple(day(one) for one in asked.split()),
        is_broken_off,
    )


def came(dataset: str, on: str, *rows: Row, name: str = "a") -> Changes:
    return {_file(dataset, on, name): rows}


def went(dataset: str, on: str, name: str = "a") -> Changes:
    return {_file(dataset, on, name): None}


def _file(dataset: str, on: str, name: str) -> File:
    return File(dataset if "/" in dataset else f"generic/{dataset}", day(on), name)


def _history(name: str, *steps: Step, is_taking_back: bool = False) -> History:
    return History(name, steps, is_taking_back)


MONTHS = "01-05 01-12 02-10 03-01 06-01"

ORDERS = [
    _history(
        "late rows: yesterday's order comes after today's",
        step(came("order_lines", "01-06", line("l2", "o2", paid="01-05"))),
        step(came("order_lines", "01-05", line("l1", "o1", paid="01-04"))),
    ),
    _history(
        "months later the amount, the state and the pay day of a line are restated",
        step(came("order_lines", "01-05", line("l1", updated="01-05"), line("l2", updated="01-05")), asked=MONTHS),
        step(
            came("order_lines", "03-01", line("l1", amount="60.00", status="completed", paid="02-01", updated="03-01"))
        ),
        step(came("order_lines", "06-01", line("l2", paid=None, status="closed", updated="06-01"))),
    ),
    _history(
        "months later a line belongs to another customer",
        step(came("order_lines", "01-05", line("l1", account="a1"), line("l2", "o2", account="a2")), asked=MONTHS),
        step(came("order_lines", "03-01", line("l1", account="a2"))),
        step(came("order_lines", "06-01", line("l2", "o2", account="a3"))),
    ),
    _history(
        "a line without an account gets one, and another loses its account",
        step(came("order_lines", "01-05", line("l1", account=None), line("l2", "o2")), asked=MONTHS),
        step(came("order_lines", "01-12", line("l1", account="a1"), line("l2", "o2", account=None))),
    ),
    _history(
        "lines move to another order, one of them leaves its old order empty",
        step(came("order_lines", "01-05", line("l1", "o1"), line("l2", "o1"), line("l3", "o3", account=None))),
        step(came("order_lines", "01-12", line("l2", "o2"), line("l3", "o1", account=None))),
        step(came("order_lines", "02-10", line("l1", "o3"), line("l3", "o4", account="a2"))),
    ),
    _history(
        "a line moves to another customer's order and its refund stays",
        step(
            came("order_lines", "01-05", line("l1"), line("l2", "o2", "a2")),
            came("refunds", "01-05", refund("r1", "l1")),
        ),
        step(came("order_lines", "01-12", line("l1", "o2", "a2")), asked=MONTHS),
    ),
    _history(
        "the same line id in two shops, one of them later withdrawn into the other",
        step(came("order_lines", "01-05", line("l1", shop="s1"), line("l1", shop="s2", account="a2", amount="7.00"))),
        step(came("refunds", "01-06", refund("r1", "l1", shop="s2"), refund("r2", "l1", shop=""))),
        step(came("order_lines", "01-12", line("l1", shop="s1", status="closed", paid=None))),
    ),
    _history(
        "the first order of a customer comes last, and stops being the first",
        step(came("order_lines", "01-12", line("l2", "o2", paid="01-10"))),
        step(came("order_lines", "01-13", line("l1", "o1", paid="01-02"))),
        step(came("order_lines", "02-10", line("l1", "o1", paid="02-09"))),
        step(came("order_lines", "03-01", line("l1", "o1", paid=None, status="closed"))),
    ),
    _history(
        "a line becomes a sample, and a sample a sale",
        step(came("order_lines", "01-05", line("l1"), line("l2", "o2", kind="sample", amount="0.00")), asked=MONTHS),
        step(came("order_lines", "01-12", line("l1", kind="gift"), line("l2", "o2", amount="5.00"))),
    ),
    _history(
        "an older export arrives after a newer one, and two exports of one moment disagree",
        step(came("order_lines", "01-12", line("l1", amount="80.00", updated="01-10"), line("l2", updated="01-10"))),
        step(came("order_lines", "01-13", line("l1", amount="90.00", updated="01-04"))),
        step(came("order_lines", "01-12", line("l2", amount="1.00", updated="01-10"), name="b")),
        step(came("order_lines", "01-05", line("l2", amount="2.00", updated="01-10"))),
    ),
    _history(
        "an influencer is renamed, listed late and takes over another's line",
        step(came("order_lines", "01-05", line("l1", influencer="i1"), line("l2", "o2", "a2", influencer="i2"))),
        step(came("influencers", "01-06", influencer("i1", "first name"))),
        step(came("order_lines", "01-12", line("l2", "o2", "a2", influencer="i1"))),
        step(came("influencers", "01-13", influencer("i1", "second name", "yes"))),
    ),
]

FILES = [
    _history(
        "the same file again, under another name and in another order of rows",
        step(came("order_lines", "01-05", line("l1"), line("l2", "o2", "a2"), line("l3", "o3", "a3"))),
        step(came("order_lines", "01-05", line("l3", "o3", "a3"), line("l1"), line("l2", "o2", "a2"), name="b")),
        step(came("order_lines", "01-06", line("l2", "o2", "a2"), line("l3", "o3", "a3"), line("l1"))),
    ),
    _history(
        "overlapping windows with other states",
        step(came("order_lines", "01-05", line("l1"), line("l2", "o2", status="placed", paid=None))),
        step(came("order_lines", "01-06", line("l2", "o2"), line("l3", "o3"))),
        step(came("order_lines", "01-07", line("l3", "o3", status="completed"), line("l1", status="closed"))),
    ),
    _history(
        "a file comes again in two parts, and two files come again as one",
        step(came("order_lines", "01-05", line("l1"), line("l2", "o2"))),
        step(
            came("order_lines", "01-05", line("l1"), name="b"), came("order_lines", "01-05", line("l2", "o2"), name="c")
        ),
        step(came("order_lines", "01-06", line("l3", "o3")), came("order_lines", "01-06", line("l4", "o3"), name="b")),
        step(came("order_lines", "01-06", line("l3", "o3"), line("l4", "o3"), name="c")),
    ),
    _history(
        "a day is missing and then delivered",
        step(came("order_lines", "01-05", line("l1")), came("members", "01-05", member("a1"))),
        step(came("order_lines", "01-07", line("l3", "o3", paid="01-06"))),
        step(
            came("order_lines", "01-06", line("l2", "o2", paid="01-05")),
            came("members", "01-06", member("a2", "01-05")),
        ),
    ),
]

REFUNDS = [
    _history(
        "refunds come before their orders, one never sees its order",
        step(came("refunds", "01-05", refund("r1", "l1"), refund("r2", "never"))),
        step(came("order_lines", "01-06", line("l1"))),
    ),
    _history(
        "part of a line is refunded, then more than was paid, then a part is withdrawn",
        step(came("order_lines", "01-05", line("l1")), came("refunds", "01-05", refund("r1", "l1", "60.00"))),
        step(came("refunds", "01-06", refund("r2", "l1", "60.00", refunded="01-06")), asked=MONTHS),
        step(came("refunds", "01-12", refund("r1", "l1", "60.00", status="closed"))),
        step(came("refunds", "02-10", refund("r1", "l1", "200.00", refunded="01-07"))),
    ),
    _history(
        "a refund moves to another line, of another order and another customer",
        step(
            came("order_lines", "01-05", line("l1"), line("l2", "o2", "a2"), line("l3", "o3", None)),
            came("refunds", "01-05", refund("r1", "l1")),
        ),
        step(came("refunds", "01-06", refund("r1", "l2"))),
        step(came("refunds", "01-12", refund("r1", "l3"))),
        step(came("refunds", "01-13", refund("r1", "never"))),
    ),
    _history(
        "a refund that names no shop fits one line, then two, then one again",
        step(
            came("order_lines", "01-05", line("l1", shop="s1")), came("refunds", "01-05", refund("r1", "l1", shop=""))
        ),
        step(came("order_lines", "01-06", line("l1", shop="s2", account="a2"))),
        step(came("order_lines", "01-12", line("l1", shop="", account="a3"))),
    ),
    _history(
        "the pay day of a refunded line moves behind its refund, and the pay time goes",
        step(came("order_lines", "01-05", line("l1")), came("refunds", "01-05", refund("r1", "l1", refunded="01-05"))),
        step(came("order_lines", "02-10", line("l1", paid="02-09")), asked=MONTHS),
        step(came("order_lines", "03-01", line("l1", paid=None, status="placed", created="01-03"))),
    ),
    _history(
        "the amount of a line falls below its refunds and rises again",
        step(
            came("order_lines", "01-05", line("l1"), line("l2", "o1")),
            came("refunds", "01-05", refund("r1", "l1", "70.00"), refund("r2", "l1", "20.00", refunded="01-06")),
        ),
        step(came("order_lines", "01-12", line("l1", amount="80.00"))),
        step(came("order_lines", "02-10", line("l1", amount="10.00"))),
        step(came("order_lines", "03-01", line("l1", amount="500.00"))),
    ),
    _history(
        "the kind and the day of a refund are restated",
        step(
            came("order_lines", "01-05", line("l1")),
            came("refunds", "01-05", refund("r1", "l1", status="pending", refunded=None)),
        ),
        step(came("refunds", "01-12", refund("r1", "l1", kind="exchange", refunded="01-11")), asked=MONTHS),
        step(came("refunds", "02-10", refund("r1", "l1", kind="price_protection", refunded="01-13"))),
    ),
]

PEOPLE = [
    _history(
        "a member leaves and joins again; the export of the days between comes last",
        step(came("campaigns", "01-05", campaign()), came("members", "01-05", member("a1", "01-02"))),
        step(came("members", "02-10", member("a1", "02-08")), came("order_lines", "02-10", line("l1", paid="01-20"))),
        step(came("members", "01-12", member("a1", "01-02", "01-10"))),
    ),
    _history(
        "memberships are restated: level, points, channel, an end that is taken back",
        step(
            came("members", "01-05", member("a1", updated="01-05")),
            came("order_lines", "01-05", line("l1", paid="01-04")),
        ),
        step(came("members", "01-12", member("a1", left="01-03", level="none", points="-5", updated="01-12"))),
        step(came("members", "02-10", member("a1", level="gold", channel="store", updated="02-10"))),
    ),
    _history(
        "a member of two shops, known by an order of a third",
        step(came("members", "01-05", member("a1", shop="s1"), member("a1", "01-03", shop="s2"))),
        step(came("order_lines", "01-06", line("l1", shop=""))),
        step(came("members", "01-12", member("a1", "01-04", shop="")), came("touches", "01-12", touch("t1", shop=""))),
    ),
    _history(
        "consent withdrawn, given again, withdrawn for every shop, before the person is known",
        step(
            came("consents", "01-05", consent("a1"), consent("a2", None, "01-03", platform="generic", shop="")),
            asked=MONTHS,
        ),
        step(
            came("campaigns", "01-06", campaign()),
            came("members", "01-06", member("a1", "01-05"), member("a2", "01-05")),
        ),
        step(came("consents", "01-12", consent("a1", "01-01", "01-05"), consent("a2", "01-04"))),
        step(came("consents", "01-13", consent("a1", "01-06"), consent("a1", "01-01"))),
    ),
    _history(
        "messages are restated and sent to people who are known later",
        step(came("touches", "01-05", touch("t1", "a1"), touch("t2", "a2")), came("campaigns", "01-05", campaign())),
        step(
            came("members", "01-06", member("a1", "01-05"), member("a2", "01-05")),
            came("consents", "01-06", consent("a1")),
        ),
        step(came("touches", "01-12", touch("t1", "a1", status="failed"), touch("t2", "a1", "01-06"))),
    ),
    _history(
        "a campaign is edited, gets a rival and is aimed at other products",
        step(
            came("campaigns", "01-05", campaign("c1", "sample_to_full_size"), campaign("c2")),
            came("products", "01-05", product("p1", "sample", "p2"), product("p2")),
            came("order_lines", "01-05", line("l1", kind="sample", amount="0.00")),
            came("members", "01-05", member("a1")),
            came("consents", "01-05", consent("a1")),
            asked=MONTHS,
        ),
        step(
            came(
                "campaigns", "01-06", campaign("c1", "sample_to_full_size", priority="1", holdout="0.5", max_days="20")
            )
        ),
        step(came("products", "01-12", product("p1", "sample", "p3"), product("p3", "sample"))),
        step(
            came(
                "campaigns",
                "01-13",
                campaign("c1", "sample_to_full_size", end="01-31", products=own("p1;") + own("p3")),
            )
        ),
        step(came("order_lines", "02-10", line("l2", "o2", product="p2", paid="01-11"))),
    ),
    _history(
        "a customer is known by an order alone, then the order goes to somebody else",
        step(came("order_lines", "01-05", line("l1")), came("consents", "01-05", consent("a1"), consent("a2"))),
        step(came("order_lines", "01-12", line("l1", account="a2")), came("touches", "01-12", touch("t1", "a1"))),
    ),
    _history(
        "business days asked for in any order, and a day before everything",
        step(came("order_lines", "06-01", line("l1")), came("members", "06-01", member("a1")), asked="03-01"),
        step(came("refunds", "02-10", refund("r1", "l1")), asked="2025-12-31 01-04"),
        step(came("order_lines", "01-05", line("l2", "o2", paid="01-04")), asked="05-01 01-03"),
    ),
]

PLATFORMS = [
    _history(
        "Tmall: the order list, its lines later, then the item export of the same order",
        step(came("tmall/orders", "01-05", tmall_order("000001"), tmall_order("000002", "a2"))),
        step(came("tmall/order_details", "01-06", tmall_detail("000001"), tmall_detail("000001", "p2", "25.00"))),
        step(came("tmall/items", "01-12", tmall_item("000101", "000001"), tmall_item("000102", "000002"))),
    ),
    _history(
        "Tmall: lines before their order, the order's buyer and amount restated, more lines in a later export",
        step(came("tmall/order_details", "01-05", tmall_detail("000001"), tmall_detail("000001"))),
        step(came("tmall/refunds", "01-05", tmall_refund("000201", "000001"))),
        step(came("tmall/orders", "01-06", tmall_order("000001"))),
        step(came("tmall/orders", "01-12", tmall_order("000001", "a2", amount="33.33", shop="12"))),
        step(came("tmall/order_details", "02-10", *[tmall_detail("000001", f"p{n}") for n in (1, 2, 3)])),
    ),
    _history(
        "Tmall: a refund of the whole order, over lines of shared amounts",
        step(
            came("tmall/orders", "01-05", tmall_order("000001", amount="100.01")),
            came("tmall/order_details", "01-05", tmall_detail("000001"), tmall_detail("000001", "p2")),
            came("tmall/refunds", "01-05", tmall_refund("000201", "000001", "p1", "80.00")),
        ),
        step(came("tmall/refunds", "01-06", tmall_refund("000202", "000001", "p2", "80.00"))),
        step(came("tmall/orders", "01-12", tmall_order("000001", paid=None, status="等待买家付款"))),
    ),
    _history(
        "Douyin: what is known only the next day, a buyer named late, an order closed",
        step(
            came("douyin/orders", "01-05", douyin_line("000001", "000001", None, traffic_format="数据将于第二天更新"))
        ),
        step(came("douyin/aftersales", "01-05", douyin_refund("000201", "000001", "000001"))),
        step(came("douyin/orders", "01-06", douyin_line("000001", "000001", "a1", influencer="77"))),
        step(came("douyin/orders", "01-12", douyin_line("000001", "000002", "a2", status="已关闭", influencer="77"))),
        step(came("douyin/aftersales", "01-12", douyin_refund("000201", "000001", "000001", status="售后关闭"))),
    ),
]

TAKEN_BACK = [
    _history(
        "a file is taken back",
        step(
            came("order_lines", "01-05", line("l1")), came("order_lines", "01-05", line("l1", amount="1.00"), name="b")
        ),
        step(came("order_lines", "01-12", line("l1", account="a2")), came("refunds", "01-12", refund("r1", "l1"))),
        step(went("order_lines", "01-12"), came("order_lines", "01-12", line("l3", "o3"), name="b")),
        is_taking_back=True,
    ),
    _history(
        "a file is replaced under its own name, and the first one comes back",
        step(came("order_lines", "01-05", line("l1"), line("l2", "o2")), came("members", "01-05", member("a1"))),
        step(came("order_lines", "01-05", line("l1", "o9", "a9")), came("members", "01-05", member("a1", "01-03"))),
        step(came("order_lines", "01-05", line("l1"), line("l2", "o2"))),
        is_taking_back=True,
    ),
    _history(
        "the only files of a dataset are taken back",
        step(came("refunds", "01-05", refund("r1", "l1")), came("campaigns", "01-05", campaign()), asked=MONTHS),
        step(came("order_lines", "01-06", line("l1")), came("members", "01-06", member("a1"))),
        step(
            went("refunds", "01-05"),
            came("refunds", "01-05", refund("r2", "l1", "1.00"), name="b"),
            went("campaigns", "01-05"),
            came("products", "01-05", product("p1")),
        ),
        is_taking_back=True,
    ),
    _history(
        "a content comes again under an earlier date, and its first copy is taken back",
        step(came("order_lines", "01-12", line("l1"), line("l2", "o2"))),
        step(came("order_lines", "01-06", line("l1", amount="55.00"))),
        step(came("order_lines", "01-05", line("l1"), line("l2", "o2"))),
        step(went("order_lines", "01-12"), came("order_lines", "01-12", line("l7", "o7"), name="b")),
        is_taking_back=True,
    ),
]

BROKEN_OFF = [
    _history(
        "a build breaks off before the marts, and the next one brings something else",
        step(
            came("order_lines", "01-05", line("l1"), line("l2", "o2", "a2")),
            came("refunds", "01-05", refund("r1", "l1")),
        ),
        step(
            came("order_lines", "01-12", line("l1", account="a2"), line("l2", "o1", "a3")),
            came("refunds", "01-12", refund("r1", "l2")),
            came("members", "01-12", member("a3")),
            is_broken_off=True,
        ),
        step(came("order_lines", "01-13", line("l4", "o4", "a4")), asked=MONTHS),
    ),
    _history(
        "a build breaks off and a later one moves the same rows on",
        step(came("order_lines", "01-05", line("l1"), line("l2", "o2", "a2"))),
        step(came("order_lines", "01-12", line("l1", account="a2")), is_broken_off=True),
        step(came("order_lines", "01-13", line("l1", account="a3"))),
    ),
]

OTHER_ORDER_FIRST = [
    _history(
        "a copy with its rows in another order comes under an earlier date",
        step(came("order_lines", "01-12", line("l1"), line("l2", "o2"))),
        step(came("order_lines", "01-05", line("l2", "o2"), line("l1"))),
        is_taking_back=True,
    ),
]

HISTORIES = [*ORDERS, *FILES, *REFUNDS, *PEOPLE, *PLATFORMS]
