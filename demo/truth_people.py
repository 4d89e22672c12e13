"""The truth of people: who is a member, whom Tmall knows. What they bought is in `truth`."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from demo.brand import Brand
from demo.catalogue import JOIN_CHANNELS, SHOPS
from demo.cells import digits, open_id, pick, timestamps
from demo.members import members_as_of
from demo.stores import card, cards, has_card, recognised_id, store, told_cards
from demo.timeline import NEVER


def tables(brand: Brand, cutoff: int) -> Iterator[tuple[str, pa.Table]]:
    yield "members", members(brand, cutoff)
    yield "recognised", recognised(brand, cutoff)


def members(brand: Brand, cutoff: int) -> pa.Table:
    """The latest stay of everyone who joined on Douyin, and the cards of the town; `person` where exports tell who."""
    return pa.concat_tables([douyin_members(brand, cutoff), card_holders(brand, cutoff)])


def douyin_members(brand: Brand, cutoff: int) -> pa.Table:
    known = members_as_of(brand.memberships, cutoff)
    shop = known["shop"]
    return pa.table({
        "platform": pa.array(["douyin"] * len(shop)),
        "shop_id": pick([shop.shop_id for shop in SHOPS], shop),
        "account_id": open_id(known["person"], shop),
        "joined_at": timestamps(known["joined_at"]),
        "left_at": timestamps(known["left_at"]),
        "join_channel": pick(JOIN_CHANNELS, known["channel"]),
        "member_level": digits(known["level"] + 1),
        "person": pa.array(known["person"], mask=~(known["has_union"] | has_card(known["person"]))),
    })  # fmt: skip


def card_holders(brand: Brand, cutoff: int) -> pa.Table:
    known = cards(brand, cutoff)
    count = len(known["person"])
    return pa.table({
        "platform": pa.array(["pos"] * count),
        "shop_id": pa.array(["default"] * count),
        "account_id": card(known["person"]),
        "joined_at": timestamps(known["joined_at"]),
        "left_at": timestamps(np.full(count, NEVER)),
        "join_channel": store(known["person"]),
        "member_level": pa.nulls(count, pa.string()),
        "person": pa.array(known["person"]),
    })  # fmt: skip


def recognised(brand: Brand, cutoff: int) -> pa.Table:
    """The account under which Tmall knows the holder of a card."""
    told = told_cards(brand, cutoff)
    person = told["person"][told["is_recognised"]]
    return pa.table({"account_id": recognised_id(person), "card": card(person)})
