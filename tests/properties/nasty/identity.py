"""Accounts that turn out to be one person, and persons who turn out to be several."""

from tests.properties.exports import consent, identifier, line, member, points, refund, touch
from tests.properties.nasty.writing import MONTHS, came, history, step, went
from tests.properties.platform_exports import card, douyin_line, douyin_member

TWO_BUYERS = came("order_lines", "01-05", line("l1"), line("l2", "o2", "a2", paid="01-04"))

IDENTITY = [
    history(
        "two buyers with orders, refunds, memberships and consents turn out to be one person",
        step(
            TWO_BUYERS,
            came("refunds", "01-05", refund("r1", "l1"), refund("r2", "l2", "100.00")),
            came("members", "01-05", member("a2", "01-03")),
            came("consents", "01-05", consent("a1"), consent("a2", "01-02", "01-06")),
            came("touches", "01-05", touch("t1", "a1"), touch("t2", "a2")),
            asked=MONTHS,
        ),
        step(came("identifiers", "02-10", identifier("a1"), identifier("a2"))),
        step(came("order_lines", "03-01", line("l3", "o3", "a2", paid="02-11"))),
    ),
    history(
        "the export that joined two buyers is taken back",
        step(TWO_BUYERS, came("refunds", "01-05", refund("r2", "l2"))),
        step(came("identifiers", "01-06", identifier("a1"), identifier("a2")), asked=MONTHS),
        step(went("identifiers", "01-06")),
    ),
    history(
        "three persons become one over a fourth account that never bought, and one leaves again",
        step(came("order_lines", "01-05", line("l1"), line("l2", "o2", "a2"), line("l3", "o3", "a3")), asked=MONTHS),
        step(came("identifiers", "01-06", identifier("a1", "u1"), identifier("a2", "u2"), identifier("a3", "u3"))),
        step(came("identifiers", "01-12", *(identifier("a4", value) for value in ("u1", "u2", "u3")))),
        step(came("identifiers", "02-10", identifier("a4", "u3", until="01-01"))),
    ),
    history(
        "a phone goes to a new owner, whose own phone comes later",
        step(TWO_BUYERS, came("identifiers", "01-05", identifier("a1", "0001", "phone"))),
        step(came("identifiers", "01-06", identifier("a2", "0001", "phone", "01-04"))),
        step(came("identifiers", "01-12", identifier("a1", "0001", "phone", until="01-04"))),
        step(came("identifiers", "02-10", identifier("a2", "0002", "phone", "02-01"))),
        step(
            came("identifiers", "03-01", identifier("a3", "0002", "phone", "02-02"), identifier("a3", "0001", "phone"))
        ),
    ),
    history(
        "a phone was given up, and its next owner comes and goes",
        step(TWO_BUYERS, came("identifiers", "01-05", identifier("a1", "0001", "phone", "01-01", "01-04"))),
        step(came("identifiers", "01-06", identifier("a2", "0001", "phone", "01-05")), asked=MONTHS),
        step(went("identifiers", "01-06")),
    ),
    history(
        "a number that joined two persons turns out to be a reseller's",
        step(TWO_BUYERS, came("identifiers", "01-05", identifier("a1"), identifier("a2"))),
        step(came("identifiers", "01-12", *(identifier(f"b{number}") for number in range(4)))),
        step(came("order_lines", "02-10", line("l5", "o5", "b1", paid="02-09"))),
        step(went("identifiers", "01-12")),
    ),
    history(
        "a member is known only by an identifier, buys, and turns out to be somebody else",
        step(came("identifiers", "01-05", identifier("a1")), asked=MONTHS),
        step(came("order_lines", "01-12", line("l1"), line("l2", "o2", None))),
        step(
            came("identifiers", "02-10", identifier("a2"), identifier("a2", "u2")),
            came("members", "02-10", member("a2")),
        ),
        step(
            came("order_lines", "03-01", line("l2", "o2", "a3")), came("identifiers", "03-01", identifier("a3", "u2"))
        ),
    ),
    history(
        "points of a buyer come before the buyer, are clawed back and corrected",
        step(came("points", "01-05", points("e1", "a1", "100"), points("e2", "a2", "-5", reason="gift"))),
        step(came("order_lines", "01-06", line("l1")), came("members", "01-06", member("a1", points="90"))),
        step(
            came(
                "points",
                "01-12",
                points("e3", "a1", "-100", "01-05", reason="refund", order="o1"),
                points("e2", "a2", "-4"),
            )
        ),
        step(came("refunds", "02-10", refund("r1", "l1", "100.00")), went("points", "01-12")),
    ),
    history(
        "a card is found on a platform by its phone, is merged into another, and is closed, as is a lone card",
        step(
            came("douyin/orders", "01-05", douyin_line("000001", "000009", "d1")),
            came("pos/members", "01-05", card("c1"), card("c3", "0003")),
        ),
        step(
            came("douyin/members", "01-06", douyin_member("d1", "0001")),
            came("pos/members", "01-06", card("c1", "0001")),
        ),
        step(came("pos/members", "01-12", card("c1", "0001", "被合并", "c2"), card("c2", "0002"))),
        step(came("douyin/members", "02-10", douyin_member("d2", "0002", "u2", "02-01"))),
        step(came("pos/members", "03-01", card("c2", "0002", "销户"), card("c3", "0003", "销户"))),
    ),
]

BROKEN_OFF_MERGE = history(
    "a build that merges two persons breaks off, and the next one splits them again",
    step(TWO_BUYERS, came("refunds", "01-05", refund("r1", "l1")), asked=MONTHS),
    step(
        came("identifiers", "01-06", identifier("a1"), identifier("a2")), broken_off="+order_lines +customer_accounts"
    ),
    step(came("order_lines", "01-12", line("l3", "o3", "a2", paid="01-11")), went("identifiers", "01-06")),
)
