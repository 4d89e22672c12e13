"""Refunds that come early, in parts, too large, for another line, or not after all."""

from tests.properties.exports import line, own, refund
from tests.properties.nasty.writing import MONTHS, came, history, step, went

REFUNDS = [
    history(
        "refunds come before their orders, one never sees its order",
        step(came("refunds", "01-05", refund("r1", "l1"), refund("r2", "never"))),
        step(came("order_lines", "01-06", line("l1"))),
    ),
    history(
        "part of a line is refunded, then more than was paid, then a part is withdrawn",
        step(came("order_lines", "01-05", line("l1")), came("refunds", "01-05", refund("r1", "l1", "60.00"))),
        step(came("refunds", "01-06", refund("r2", "l1", "60.00", refunded="01-06")), asked=MONTHS),
        step(came("refunds", "01-12", refund("r1", "l1", "60.00", status="closed"))),
        step(came("refunds", "02-10", refund("r1", "l1", "200.00", refunded="01-07"))),
    ),
    history(
        "a refund moves to another line, of another order and another customer",
        step(
            came("order_lines", "01-05", line("l1"), line("l2", "o2", "a2"), line("l3", "o3", None)),
            came("refunds", "01-05", refund("r1", "l1")),
        ),
        step(came("refunds", "01-06", refund("r1", "l2"))),
        step(came("refunds", "01-12", refund("r1", "l3"))),
        step(came("refunds", "01-13", refund("r1", "never"))),
    ),
    history(
        "a refund that names no shop fits one line, then two, then one again",
        step(
            came("order_lines", "01-05", line("l1", shop="s1")), came("refunds", "01-05", refund("r1", "l1", shop=""))
        ),
        step(came("order_lines", "01-06", line("l1", shop="s2", account="a2"))),
        step(came("order_lines", "01-12", line("l1", shop="", account="a3"))),
    ),
    history(
        "the pay day of a refunded line moves behind its refund, and the pay time goes",
        step(came("order_lines", "01-05", line("l1")), came("refunds", "01-05", refund("r1", "l1", refunded="01-05"))),
        step(came("order_lines", "02-10", line("l1", paid="02-09")), asked=MONTHS),
        step(came("order_lines", "03-01", line("l1", paid=None, status="placed", created="01-03"))),
    ),
    history(
        "the amount of a line falls below its refunds and rises again",
        step(
            came("order_lines", "01-05", line("l1"), line("l2", "o1")),
            came("refunds", "01-05", refund("r1", "l1", "70.00"), refund("r2", "l1", "20.00", refunded="01-06")),
        ),
        step(came("order_lines", "01-12", line("l1", amount="80.00"))),
        step(came("order_lines", "02-10", line("l1", amount="10.00"))),
        step(came("order_lines", "03-01", line("l1", amount="500.00"))),
    ),
    history(
        "the kind and the day of a refund are restated",
        step(
            came("order_lines", "01-05", line("l1")),
            came("refunds", "01-05", refund("r1", "l1", status="pending", refunded=None)),
        ),
        step(came("refunds", "01-12", refund("r1", "l1", kind="exchange", refunded="01-11")), asked=MONTHS),
        step(came("refunds", "02-10", refund("r1", "l1", kind="price_protection", refunded="01-13"))),
    ),
]

# Feeds of refunds are judged by platform: this history has one of its own.
MALL = {"platform": own("mall")}
REFUNDS_TOLD = [
    history(
        "no refunds are told, then those of one day until a long silence, then some after it, which are taken back",
        step(
            came(
                "order_lines",
                "08-10",
                MALL | line("l1"),
                MALL | line("l2", "o2", "a2", paid="02-09", influencer="i1"),
                MALL | line("l3", "o3", "a3", paid="08-07"),
            ),
            asked=MONTHS,
        ),
        step(came("refunds", "01-12", MALL | refund("r1", "l1", applied="01-10", refunded="01-11"))),
        step(came("refunds", "08-11", MALL | refund("r2", "l3", applied="08-08", refunded=None, status="pending"))),
        step(went("refunds", "08-11")),
    ),
]
