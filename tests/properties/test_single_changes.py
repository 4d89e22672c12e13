"""One change at a time in a quiet shop: a table that overlooks the change stays wrong, as nothing else renews it.

A business day is built anew when anything up to its end changed, so a change hides what an earlier one left undone, but
only on later days. Hence the changes follow each other in the order of the days they concern, each with a business day
of its own before the next one begins; what concerns every day comes first and is compared at once.
"""

import pytest

from tests.properties.equality import differences, rebuilt
from tests.properties.exports import campaign, consent, line, member, product, refund, touch
from tests.properties.histories import History, side_by_side
from tests.properties.nasty.writing import Changes, came, step

pytestmark = pytest.mark.long

# A person for each change: a candidate of both campaigns on every day, by a membership and a sample of long ago.
PEOPLE = [f"a{number}" for number in range(1, 15)]
BUSINESS_DAYS = "01-10 01-20 01-31 02-10 02-20 02-28 03-10 03-20 03-31 04-10 04-20 04-30 05-10 05-20"
FIRST = step(
    came("campaigns", "01-05", campaign("c1", max_days="999"), campaign("c2", "sample_to_full_size", max_days="999")),
    came("products", "01-05", product("p9", "sample", "p8"), product("p8")),
    came("members", "01-05", *(member(who) for who in PEOPLE)),
    came("consents", "01-05", *(consent(who) for who in PEOPLE)),
    came(
        "order_lines",
        "01-05",
        *(line(f"s{who}", f"s{who}", who, product="p9", kind="sample", amount="0.00", paid="01-01") for who in PEOPLE),
        line("l1", "o1", None, paid=None, status="placed", created="01-03"),
        line("l2", "o2", "a2", paid=None, status="placed", created="01-08"),
        line("l5", "o5", None, paid="02-18"),
        line("l6", "o6", "a6", paid="02-27"),
        line("l7", "o7", "a7", paid="03-05"),
        line("l8", "o8", "a8", paid="03-15"),
        line("l9", "o9", "a9", paid="03-25"),
        line("l10", "o10", "a10", paid="04-05"),
        line("l13", "o13", "a13", paid="05-03"),
    ),
    came("touches", "01-05", touch("t3", "a3", "01-30"), touch("t4", "a4", "02-09")),
    came(
        "refunds",
        "01-05",
        refund("r2", "l2", status="pending", applied="01-09", refunded=None),
        refund("r7", "l7", status="pending", applied="03-09", refunded=None),
        refund("r8", "l8", "10.00", applied="03-19", refunded="03-19"),
        refund("r9", "l9", "10.00", applied="03-30", refunded="03-30"),
        refund("r13", "l13", "10.00", applied="05-08", refunded="05-08"),
    ),
    asked=BUSINESS_DAYS,
)
EVERY_DAY = {
    "the full size of a sample": came("products", "01-06", product("p9", "sample", "p7")),
    "the share of the control group": came("campaigns", "01-06", campaign("c1", max_days="999", holdout="0.5")),
}
ONE_AFTER_THE_OTHER = {
    "a refund is open, and its unpaid line belongs to somebody else": came(
        "order_lines", "01-06", line("l2", "o2", "a1", paid=None, status="placed", created="01-08")
    ),
    "a member came by another way": came("members", "01-07", member("a2", "01-19", channel="store")),
    "a message failed": came("touches", "01-07", touch("t3", "a3", "01-30", status="failed")),
    "a message was sent to somebody else": came("touches", "01-08", touch("t4", "a5", "02-09")),
    "the buyer of a line is known": came("order_lines", "01-07", line("l5", "o5", "a5", paid="02-18")),
    "a sale was a gift": came("order_lines", "01-08", line("l6", "o6", "a6", paid="02-27", kind="gift")),
    "a refund was refused": came(
        "refunds", "01-06", refund("r7", "l7", status="closed", applied="03-09", refunded="03-10")
    ),
    "more was refunded": came("refunds", "01-07", refund("r8", "l8", "90.00", applied="03-19", refunded="03-19")),
    "a refund only protected a price": came(
        "refunds", "01-08", refund("r9", "l9", "10.00", kind="price_protection", applied="03-30", refunded="03-30")
    ),
    "more pieces were bought": came("order_lines", "01-09", line("l10", "o10", "a10", paid="04-05", quantity="3")),
    "a member left": came("members", "01-08", member("a11", "01-02", "04-18")),
    "consent was withdrawn": came("consents", "01-06", consent("a12", withdrawn="04-28")),
    "a refunded sale was a gift": came("order_lines", "01-10", line("l13", "o13", "a13", paid="05-03", kind="gift")),
}


def test_a_single_change_reaches_every_table(installation):
    changes = EVERY_DAY | ONE_AFTER_THE_OTHER
    _assert_equal_after(installation, changes, [*range(1, len(EVERY_DAY) + 1), len(changes)])


def _assert_equal_after(installation, changes: dict[str, Changes], counts: list[int]) -> None:
    """The tables after so many of the changes."""
    history = History("a quiet shop", (FIRST, *map(step, changes.values())))
    steps = side_by_side([history])
    along = list(installation.tables_along(steps))
    for count in counts:
        expected = rebuilt(installation, steps[: count + 1])
        assert expected["outputs.audience_decisions"] and expected["marts.customer_rfm_daily"]
        if found := differences(along[count], expected):
            raise AssertionError("\n\n".join([f"The tables differ after {list(changes)[:count]}:", *found]))
