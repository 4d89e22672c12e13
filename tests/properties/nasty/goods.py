"""Campaigns about products: launches, packs, trials, what members like, what influencers sold.

The launch and the first orders by influencers also ask what had been bought together when the campaign began.
"""

from tests.properties.exports import campaign, event, influencer, line, member, product, refund
from tests.properties.nasty.writing import came, history, step

PLAN = came(
    "campaigns",
    "01-05",
    campaign("launch", "associated_purchase", "01-10", products="~new", minimum_buyers="1", top_count="1"),
    campaign("named", "associated_purchase", "01-10", products="~new", related_product_ids="~pan"),
    campaign(
        "newcomers", "influencer_newcomers", "01-10", max_days="60", min_days="1", minimum_buyers="1", top_count="1"
    ),
    campaign("members", "member_priority", "01-10", products="~cup", member_levels="gold"),
    campaign("packs", "annual_pack_follow_up", "01-10", tier_amount="100", follow_up_days="7;10"),
    campaign("trials", "trial_to_member", "01-10"),
)
PRODUCTS = came(
    "products",
    "01-05",
    product("new", "new", category="kitchen"),
    product("cup", category="kitchen"),
    product("pan"),
    product("box", "gift_pack"),
)
SALES = came(
    "order_lines",
    "01-05",
    line("l1", "o1", "a1", product="cup", paid="01-03", influencer="i1"),
    line("l2", "o1", "a1", product="new", paid="01-03", influencer="i1"),
    line("l3", "o2", "a2", product="pan", paid="01-04", influencer="i2"),
    line("l4", "o3", "a3", product="cup", paid="01-04", influencer="i2"),
    line("l5", "o4", "a3", product="box", paid="01-05"),
    line("l6", "o5", "a4", product="cup", paid="01-05", amount="0.00", kind="sample"),
)
PEOPLE = came("members", "01-05", member("a2"), member("a3"), member("a4", "01-04"))
DAILY = [f"01-{day:02}" for day in range(1, 32)] + [f"02-{day:02}" for day in range(1, 10)]
DAYS = "01-10 01-12 01-15 01-20 02-10"

GOODS = [
    history(
        "what goes with a launch is bought, given back before the launch or after it, and told late",
        step(PLAN, PRODUCTS, SALES, PEOPLE, asked=DAYS),
        step(
            came(
                "order_lines",
                "01-12",
                line("l7", "o6", "a2", product="new", paid="01-11"),
                line("l8", "o7", "a5", product="pan", paid="01-04"),
                line("l9", "o7", "a5", product="new", paid="01-04"),
                line("l10", "o8", "a3", product="pan", paid="01-09"),
            )
        ),
        step(
            came(
                "refunds",
                "01-15",
                refund("r1", "l2", "100.00", applied="01-08", refunded="01-09"),
                refund("r2", "l9", "100.00", applied="01-10", refunded="01-10"),
                refund("r3", "l4", "100.00", applied="01-14", refunded="01-14"),
            )
        ),
    ),
    history(
        "an influencer turns out to be the brand's own, a newcomer to have bought before",
        step(
            PLAN, PRODUCTS, SALES, PEOPLE, came("influencers", "01-05", influencer("i1"), influencer("i2")), asked=DAYS
        ),
        step(came("order_lines", "01-12", line("l7", "o6", "a2", product="cup", paid="01-02"))),
        step(came("influencers", "01-15", influencer("i1", is_own="yes"), influencer("i2"))),
    ),
    history(
        "who tried joins, joins a group and leaves again; a liking is told late; a pack is none",
        step(PLAN, PRODUCTS, SALES, PEOPLE, asked=DAYS),
        step(
            came("events", "01-12", event("a4", "cart", "01-08", about="cup"), event("a4", "group_join", "01-11")),
            came("members", "01-12", member("a1", "01-12"), member("a3", left="01-14")),
        ),
        step(
            came("events", "01-20", event("a4", "group_leave", "01-18")),
            came("members", "01-20", member("a4", "01-04", level="silver")),
            came("products", "01-20", product("box", category="kitchen"), product("pan", category="kitchen")),
        ),
    ),
    history(
        "a product is put into another category; how often one is bought turns out when somebody else buys it daily",
        step(
            came(
                "products",
                "01-05",
                *(product(name, category="kitchen") for name in ("cup", "box")),
                product("tea", category="tea"),
            ),
            came(
                "order_lines",
                "01-05",
                line("l1", "o1", "a1", product="cup", paid="01-03"),
                line("l2", "o2", "a1", product="box", paid="01-05"),
                line("l3", "o3", "a2", product="tea", paid="01-04"),
            ),
            asked=DAYS,
        ),
        step(came("products", "01-12", product("cup", category="kitchen"), product("box", category="bath"))),
        step(
            came(
                "order_lines",
                "02-10",
                *(line(f"d{n}", f"d{n}", "a3", product="tea", paid=on) for n, on in enumerate(DAILY)),
            )
        ),
    ),
]
