"""Order lines that come late, change their customer, their order, their day or their kind."""

from tests.properties.exports import influencer, line, member, refund
from tests.properties.nasty.writing import MONTHS, came, history, step

ORDERS = [
    history(
        "late rows: yesterday's order comes after today's",
        step(came("order_lines", "01-06", line("l2", "o2", paid="01-05"))),
        step(came("order_lines", "01-05", line("l1", "o1", paid="01-04"))),
    ),
    history(
        "months later the amount, the state and the pay day of a line are restated",
        step(came("order_lines", "01-05", line("l1", updated="01-05"), line("l2", updated="01-05")), asked=MONTHS),
        step(
            came("order_lines", "03-01", line("l1", amount="60.00", status="completed", paid="02-01", updated="03-01"))
        ),
        step(came("order_lines", "06-01", line("l2", paid=None, status="closed", updated="06-01"))),
    ),
    history(
        "months later a line belongs to another customer",
        step(came("order_lines", "01-05", line("l1", account="a1"), line("l2", "o2", account="a2")), asked=MONTHS),
        step(came("order_lines", "03-01", line("l1", account="a2"))),
        step(came("order_lines", "06-01", line("l2", "o2", account="a3"))),
    ),
    history(
        "a line without an account gets one, and another loses its account",
        step(came("order_lines", "01-05", line("l1", account=None), line("l2", "o2")), asked=MONTHS),
        step(came("order_lines", "01-12", line("l1", account="a1"), line("l2", "o2", account=None))),
    ),
    history(
        "lines move to another order, one of them leaves its old order empty",
        step(came("order_lines", "01-05", line("l1", "o1"), line("l2", "o1"), line("l3", "o3", account=None))),
        step(came("order_lines", "01-12", line("l2", "o2"), line("l3", "o1", account=None))),
        step(came("order_lines", "02-10", line("l1", "o3"), line("l3", "o4", account="a2"))),
    ),
    history(
        "a line moves to another customer's order and its refund stays",
        step(
            came("order_lines", "01-05", line("l1"), line("l2", "o2", "a2")),
            came("refunds", "01-05", refund("r1", "l1")),
        ),
        step(came("order_lines", "01-12", line("l1", "o2", "a2")), asked=MONTHS),
    ),
    history(
        "the same line id in two shops, one of them later withdrawn into the other",
        step(came("order_lines", "01-05", line("l1", shop="s1"), line("l1", shop="s2", account="a2", amount="7.00"))),
        step(came("refunds", "01-06", refund("r1", "l1", shop="s2"), refund("r2", "l1", shop=""))),
        step(came("order_lines", "01-12", line("l1", shop="s1", status="closed", paid=None))),
    ),
    history(
        "the first order of a customer comes last, and stops being the first",
        step(came("order_lines", "01-12", line("l2", "o2", paid="01-10"))),
        step(came("order_lines", "01-13", line("l1", "o1", paid="01-02"))),
        step(came("order_lines", "02-10", line("l1", "o1", paid="02-09"))),
        step(came("order_lines", "03-01", line("l1", "o1", paid=None, status="closed"))),
    ),
    history(
        "a line becomes a sample, and a sample a sale",
        step(came("order_lines", "01-05", line("l1"), line("l2", "o2", kind="sample", amount="0.00")), asked=MONTHS),
        step(came("order_lines", "01-12", line("l1", kind="gift"), line("l2", "o2", amount="5.00"))),
    ),
    history(
        "an older export arrives after a newer one, and two exports of one moment disagree",
        step(came("order_lines", "01-12", line("l1", amount="80.00", updated="01-10"), line("l2", updated="01-10"))),
        step(came("order_lines", "01-13", line("l1", amount="90.00", updated="01-04"))),
        step(came("order_lines", "01-12", line("l2", amount="1.00", updated="01-10"), name="b")),
        step(came("order_lines", "01-05", line("l2", amount="2.00", updated="01-10"))),
    ),
    history(
        "an influencer is renamed, listed late and takes over another's line",
        step(came("order_lines", "01-05", line("l1", influencer="i1"), line("l2", "o2", "a2", influencer="i2"))),
        step(came("influencers", "01-06", influencer("i1", "first name"))),
        step(came("order_lines", "01-12", line("l2", "o2", "a2", influencer="i1"))),
        step(came("influencers", "01-13", influencer("i1", "second name", "yes"))),
    ),
    history(
        "a refunded sale was a gift after all",
        step(
            came("order_lines", "01-05", line("l1"), line("l2", "o2", "a2")),
            came("refunds", "01-05", refund("r1", "l1", refunded="01-11")),
        ),
        step(came("order_lines", "01-12", line("l1", kind="gift"))),
    ),
    history(
        "a refunded sale moves to another shop",
        step(
            came("order_lines", "01-05", line("l1", shop="")),
            came("refunds", "01-05", refund("r1", "l1", shop="", refunded="01-11")),
        ),
        step(came("order_lines", "01-12", line("l1", shop="", status="closed", paid=None), line("l1", shop="s2"))),
    ),
]

OF_SEVERAL_CUSTOMERS = [
    history(
        "an order of two customers and nobody known, of whom one joins, one gets money back, one is named",
        step(came("order_lines", "01-05", line("l1"), line("l2", account="a2"), line("l3", account=None))),
        step(came("members", "01-06", member("a1", "01-02"))),
        step(came("members", "01-12", member("a2", "01-02"))),
        step(came("refunds", "01-13", refund("r1", "l3"))),
        step(came("order_lines", "02-10", line("l3", account="a3"))),
    ),
]
