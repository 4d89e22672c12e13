"""Files that come again, overlap, are missing, are taken back, and builds that break off between them."""

from tests.properties.exports import campaign, line, member, product, refund
from tests.properties.nasty.writing import MONTHS, came, history, step, went
from tests.properties.platform_exports import tmall_member

FILES = [
    history(
        "the same file again, under another name and in another order of rows",
        step(came("order_lines", "01-05", line("l1"), line("l2", "o2", "a2"), line("l3", "o3", "a3"))),
        step(came("order_lines", "01-05", line("l3", "o3", "a3"), line("l1"), line("l2", "o2", "a2"), name="b")),
        step(came("order_lines", "01-06", line("l2", "o2", "a2"), line("l3", "o3", "a3"), line("l1"))),
    ),
    history(
        "overlapping windows with other states",
        step(came("order_lines", "01-05", line("l1"), line("l2", "o2", status="placed", paid=None))),
        step(came("order_lines", "01-06", line("l2", "o2"), line("l3", "o3"))),
        step(came("order_lines", "01-07", line("l3", "o3", status="completed"), line("l1", status="closed"))),
    ),
    history(
        "a file comes again in two parts, and two files come again as one",
        step(came("order_lines", "01-05", line("l1"), line("l2", "o2"))),
        step(
            came("order_lines", "01-05", line("l1"), name="b"), came("order_lines", "01-05", line("l2", "o2"), name="c")
        ),
        step(came("order_lines", "01-06", line("l3", "o3")), came("order_lines", "01-06", line("l4", "o3"), name="b")),
        step(came("order_lines", "01-06", line("l3", "o3"), line("l4", "o3"), name="c")),
    ),
    history(
        "a day is missing and then delivered",
        step(came("order_lines", "01-05", line("l1")), came("members", "01-05", member("a1"))),
        step(came("order_lines", "01-07", line("l3", "o3", paid="01-06"))),
        step(
            came("order_lines", "01-06", line("l2", "o2", paid="01-05")),
            came("members", "01-06", member("a2", "01-05")),
        ),
    ),
]

BROKEN_OFF = [
    history(
        "builds break off after staging and amid the marts, and the next ones move the same rows on and bring others",
        step(
            came("order_lines", "01-05", line("l1"), line("l2", "o2", "a2")),
            came("refunds", "01-05", refund("r1", "l1")),
            asked=MONTHS,
        ),
        step(
            came("order_lines", "01-12", line("l1", account="a2"), line("l2", "o1", "a3")),
            came("refunds", "01-12", refund("r1", "l2")),
            came("members", "01-12", member("a3")),
            broken_off="path:models/staging",
        ),
        step(came("order_lines", "01-13", line("l1", account="a4"), line("l5", "o5", "a5"))),
        step(
            came("order_lines", "02-10", line("l1", account="a2"), line("l5", "o5", None)),
            came("refunds", "02-10", refund("r1", "l5")),
            broken_off="+order_lines",
        ),
        step(came("order_lines", "02-11", line("l2", "o2", "a2"), line("l6", "o6", "a6"))),
    ),
]

TAKEN_BACK = [
    history(
        "a file is taken back",
        step(
            came("order_lines", "01-05", line("l1")), came("order_lines", "01-05", line("l1", amount="1.00"), name="b")
        ),
        step(came("order_lines", "01-12", line("l1", account="a2")), came("refunds", "01-12", refund("r1", "l1"))),
        step(went("order_lines", "01-12"), came("order_lines", "01-12", line("l3", "o3"), name="b")),
    ),
    history(
        "a file is replaced under its own name, and the first one comes back",
        step(came("order_lines", "01-05", line("l1"), line("l2", "o2")), came("members", "01-05", member("a1"))),
        step(came("order_lines", "01-05", line("l1", "o9", "a9")), came("members", "01-05", member("a1", "01-03"))),
        step(came("order_lines", "01-05", line("l1"), line("l2", "o2"))),
    ),
    history(
        "the only files of a dataset are taken back",
        step(came("refunds", "01-05", refund("r1", "l1")), came("campaigns", "01-05", campaign()), asked=MONTHS),
        step(came("order_lines", "01-06", line("l1")), came("members", "01-06", member("a1"))),
        step(
            went("refunds", "01-05"),
            came("refunds", "01-05", refund("r2", "l1", "1.00"), name="b"),
            went("campaigns", "01-05"),
            came("products", "01-05", product("p1")),
        ),
    ),
    history(
        "a content comes again under an earlier date, and its first copy is taken back",
        step(came("order_lines", "01-12", line("l1"), line("l2", "o2"))),
        step(came("order_lines", "01-06", line("l1", amount="55.00"))),
        step(came("order_lines", "01-05", line("l1"), line("l2", "o2"))),
        step(went("order_lines", "01-12"), came("order_lines", "01-12", line("l7", "o7"), name="b")),
    ),
]

OTHER_ORDER_FIRST = [
    history(
        "a copy with its rows in another order comes under an earlier date",
        step(came("order_lines", "01-12", line("l1"), line("l2", "o2"))),
        step(came("order_lines", "01-05", line("l2", "o2"), line("l1"))),
    ),
]

MEMBERS_GONE = [
    history(
        "the only file that knows a member is replaced, another is taken back",
        step(came("members", "01-05", member("a1")), came("members", "01-06", member("a2"))),
        step(came("members", "01-05", member("a3")), went("members", "01-06")),
    ),
]

LEVELS_GONE = [
    history(
        "the only file that names the number of a level is taken back, then comes with another name",
        step(
            came("tmall/members", "01-05", tmall_member("m1", "2", "01-03"), tmall_member("m2", "2")),
            came(
                "tmall/members",
                "01-06",
                tmall_member("m1", "2", "01-03", name="gold"),
                tmall_member("m2", "1", name="silver"),
            ),
            came("order_lines", "01-05", line("l1")),
            asked=MONTHS,
        ),
        step(went("tmall/members", "01-06")),
        step(came("tmall/members", "01-07", tmall_member("m2", "2", name="black"))),
        step(went("order_lines", "01-05"), came("order_lines", "01-05", line("l2", "o2"), name="b")),
    ),
]
