"""One made-up brand with a campaign of every template, so that each finds some and leaves out others, from one seed.

Belongs here: its rows. Does not: whom a template finds (`test_templates_by_hand.py`).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from tests.properties.exports import (
    campaign,
    event,
    identifier,
    influencer,
    line,
    member,
    own,
    points,
    product,
    refund,
    touch,
)
from tests.properties.histories import Row, Step
from tests.properties.nasty.lists import friend
from tests.properties.nasty.writing import came, step
from tests.properties.platform_exports import card

DAY, START = date(2026, 3, 31), date(2026, 3, 1)
BIRTHDAY = "-04-05"  # within the week after the day
PEOPLE = [f"a{number}" for number in range(60)]
PLAN = {
    "annual_pack_follow_up": {"product_ids": own("p4"), "tier_amount": "300"},
    "associated_purchase": {"product_ids": own("p3"), "minimum_buyers": "1"},
    "buyers_not_members": {"window_days": "30"},
    "festival_members_without_purchase": {},
    "free_selection": {
        "filter": f"recency_days <= 60 and (net_amount >= 300 or refund_count > 0) and product_id != '{own('p2')}'"
        f" or points_balance > 50 or order_count between 2 and 3 and influencer_id = '{own('i1')}'"
    },
    "group_tiers": {},
    "guide_daily_list": {"top_count": "3", "tier_amount": "100", "silent_days": "46"},
    "influencer_newcomers": {"top_count": "1", "minimum_buyers": "1", "max_days": "60"},
    "member_priority": {"product_ids": own("p1"), "min_days": "30", "window_days": "40"},
    "new_members_without_purchase": {"max_days": "60"},
    "offline_recognition": {},
    "parcel_notes": {"remark": "gift", "influencer_ids": own("i1"), "max_days": "40"},
    "promotion_wave_one": {"reference_periods": "2026-02-01/2026-02-10"},
    "promotion_wave_two": {"wave_one_campaign_id": own("promotion_wave_one")},
    "sample_to_full_size": {"min_days": "5"},
    "sleeping_members": {"silent_days": "40"},
    "tag_overlay": {"base_campaign_id": own("festival_members_without_purchase"), "variant_ratio": "1"},
    "trial_to_member": {"window_days": "60"},
    "unpaid_orders": {"max_days": "40"},
    "vip_multi_channel": {"tier_amount": "200"},
}


class Chance(Random):
    """Days and hours of the first quarter."""

    def on(self, number: int) -> str:
        return f"{date(2026, 1, 1) + timedelta(days=number):%m-%d} {self.randint(8, 21):02}:17"

    def some_day(self, first: int = 0, last: int = 89) -> str:
        return self.on(self.randint(first, last))


def sale(chance: Chance, number: int) -> tuple[Row, int | None]:
    """A line of an order of its own, and when it was paid: most of them are, some are samples, and forty people buy."""
    ordered, is_paid = chance.randint(0, 89), chance.random() < 0.85
    kind, goods = chance.choice([("", f"p{chance.randint(1, 5)}")] * 5 + [("sample", "s1")])
    bought = line(
        f"l{number}",
        f"o{number}",
        chance.choice(PEOPLE[:40]),
        product=goods,
        amount="0.00" if kind else f"{chance.choice([8, 90, 180])}.{number % 100:02}",
        kind=kind,
        influencer=chance.choice([None, "i1", "i2", "i3"]),
        paid=chance.on(ordered) if is_paid else None,
        created=f"{chance.on(ordered)[:5]} 07:00",
        status=chance.choice(["paid", "completed"]) if is_paid else "placed",
    )
    return bought, ordered if is_paid and not kind else None


def refunds(chance: Chance, sales: list[tuple[Row, int | None]]) -> Iterator[Row]:
    """Of the third of what was paid, in full or in part, some of it only after the day."""
    for number, (bought, paid) in enumerate(sales):
        if paid is not None and chance.random() < 0.3:
            on, amount = chance.on(paid + chance.randint(1, 40)), chance.choice([bought["paid_amount"], "5.00"])
            yield refund(f"r{number}", f"l{number}", amount, applied=on, refunded=on)


def members(chance: Chance) -> Iterator[Row]:
    for who in chance.sample(PEOPLE, 40):
        birthday = f"1990-{chance.randint(1, 12):02}-05"
        yield member(who, chance.some_day(0, 80), chance.choice([None, None, "03-20"]), birthday=birthday)
    yield member("holder")


def events(chance: Chance) -> Iterator[Row]:
    joined = chance.sample(PEOPLE, 20)
    yield from (event(who, "group_join", chance.some_day(0, 40), about="g1") for who in joined)
    yield from (event(who, "group_leave", "03-15", about="g1") for who in joined[:6])
    for _ in range(90):
        yield event(chance.choice(PEOPLE), chance.choice(["browse", "cart", "share"]), chance.some_day())


def plan() -> Iterator[Row]:
    """With control groups, but for the waves: the second asks that of the first as if it had been written to."""
    for name, parameters in PLAN.items():
        holdout = "0" if name.startswith("promotion") else "0.2"
        yield {**campaign(name, name, f"{START:%m-%d}", holdout=holdout), **parameters}


def brand() -> Step:
    """Every account is a person of its own, but for friends of guides and a member who holds the second card."""
    chance = Chance(20260331)
    sales = [sale(chance, number) for number in range(150)]
    pack = line("pack", "pack", "a1", product="p4", paid="03-01", amount="99.00")
    entries = ((chance.choice(PEOPLE), chance.choice(["60", "-20"]), chance.some_day()) for _ in range(30))
    sent = (touch(f"t{number}", chance.choice(PEOPLE), "03-02", status="delivered") for number in range(40))
    held = {**identifier("holder", kind="phone"), "id_value": f"139{own('0002')}"}
    friends = (friend(f"w{who}", chance.choice(["anna", "bert"]), "1767499200", f"u{who}") for who in PEOPLE[:25])
    goods = (product(f"p{number}", category=f"c{number // 3}") for number in range(1, 6))
    return step(
        came("campaigns", "01-01", *plan()),
        came("order_lines", "04-15", *(bought for bought, _ in sales), pack),
        came("refunds", "04-15", *refunds(chance, sales)),
        came("members", "04-15", *members(chance)),
        came("events", "04-15", *events(chance)),
        came("points", "04-15", *(points(f"e{number}", *entry) for number, entry in enumerate(entries))),
        came("products", "01-01", *goods, product("s1", "sample", "p5")),
        came("influencers", "01-01", influencer("i1"), influencer("i2"), influencer("i3", is_own="yes")),
        came("touches", "04-15", *({**row, "campaign_id": own("promotion_wave_one")} for row in sent)),
        came("wecom/customers", "01-05", *friends),
        came("identifiers", "01-05", *(identifier(who, f"u{who}") for who in PEOPLE), held),
        came("pos/members", "01-05", card("c1", "0001"), card("c2", "0002"), card("c3"), card("c4", "0004", "销户")),
        asked="03-29 03-30 03-31",
    )
