"""Members, consents, messages, campaigns and the days that are asked for."""

from tests.properties.exports import campaign, consent, line, member, own, product, refund, touch
from tests.properties.nasty.writing import MONTHS, came, history, step

PEOPLE = [
    history(
        "a feed falls silent and comes back, then an export tells of some of the silent days",
        step(
            came("order_lines", "01-05", line("l1", paid="01-03"), line("l2", "o2", paid="01-05")),
            came("members", "01-05", member("a1", "01-02")),
            asked="01-05 02-12 07-03 07-10 08-10 12-28",
        ),
        step(came("members", "07-10", member("a2", "07-08")), came("touches", "07-10", touch("t1"))),
        step(came("order_lines", "08-10", line("l3", "o3", paid="08-08"))),
        step(came("order_lines", "08-11", line("l4", "o4", paid="05-16"))),
        step(came("members", "12-28", member("a2", "07-08", "08-20"))),
    ),
    history(
        "a member leaves and joins again; the export of the days between comes last",
        step(came("campaigns", "01-05", campaign()), came("members", "01-05", member("a1", "01-02"))),
        step(came("members", "02-10", member("a1", "02-08")), came("order_lines", "02-10", line("l1", paid="01-20"))),
        step(came("members", "01-12", member("a1", "01-02", "01-10"))),
    ),
    history(
        "memberships are restated: level, points, channel, an end that is taken back",
        step(
            came("members", "01-05", member("a1", updated="01-05")),
            came("order_lines", "01-05", line("l1", paid="01-04")),
        ),
        step(came("members", "01-12", member("a1", left="01-03", level="none", points="-5", updated="01-12"))),
        step(came("members", "02-10", member("a1", level="gold", channel="store", updated="02-10"))),
    ),
    history(
        "a member of two shops, known by an order of a third",
        step(came("members", "01-05", member("a1", shop="s1"), member("a1", "01-03", shop="s2"))),
        step(came("order_lines", "01-06", line("l1", shop=""))),
        step(came("members", "01-12", member("a1", "01-04", shop="")), came("touches", "01-12", touch("t1", shop=""))),
    ),
    history(
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
    history(
        "messages are restated and sent to people who are known later",
        step(came("touches", "01-05", touch("t1", "a1"), touch("t2", "a2")), came("campaigns", "01-05", campaign())),
        step(
            came("members", "01-06", member("a1", "01-05"), member("a2", "01-05")),
            came("consents", "01-06", consent("a1")),
        ),
        step(came("touches", "01-12", touch("t1", "a1", status="failed"), touch("t2", "a1", "01-06"))),
    ),
    history(
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
    history(
        "a customer is known by an order alone, then the order goes to somebody else",
        step(came("order_lines", "01-05", line("l1")), came("consents", "01-05", consent("a1"), consent("a2"))),
        step(came("order_lines", "01-12", line("l1", account="a2")), came("touches", "01-12", touch("t1", "a1"))),
    ),
    history(
        "business days asked for in any order, and a day before everything",
        step(came("order_lines", "06-01", line("l1")), came("members", "06-01", member("a1")), asked="03-01"),
        step(came("refunds", "02-10", refund("r1", "l1")), asked="2025-12-31 01-04"),
        step(came("order_lines", "01-05", line("l2", "o2", paid="01-04")), asked="05-01 01-03"),
    ),
]
