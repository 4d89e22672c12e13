"""The truth of people: who is a member, whom Tmall knows, what was sent. What they bought is in `truth`."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from demo import messages
from demo.brand import Brand
from demo.campaigns import campaign_id
from demo.catalogue import JOIN_CHANNELS, SHOPS
from demo.cells import digits, money, open_id, pick, timestamps
from demo.columns import rows, stacked
from demo.members import members_as_of
from demo.stores import card, cards, has_card, recognised_id, store, told_cards
from demo.timeline import DAY, NEVER


def tables(brand: Brand, cutoff: int) -> Iterator[tuple[str, pa.Table]]:
    yield "members", members(brand, cutoff)
    yield "recognised", recognised(brand, cutoff)
    senders = (messages.ALIYUN, messages.YUNPIAN, *messages.DOUYIN.values())
    yield "messages", pa.concat_tables(sent_by(brand, sender) for sender in senders)


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


def sent_by(brand: Brand, sender: messages.Sender) -> pa.Table:
    """The messages that a log of the brand's days holds, with their receipts, which come sooner than the last day."""
    sent = stacked(messages.messages(brand, sender, wave) for wave in messages.wave_days(brand, sender))
    sent = rows(sent, sent["sent_at"] >= brand.calendar.opens - DAY)
    segments, is_priced = sent["segment_count"], sender is messages.YUNPIAN
    price = money(segments * messages.SEGMENT_PRICE)
    return pa.table({
        "campaign_id": pa.array([campaign_id(brand, sender.campaign)] * len(segments), pa.string()),
        "sent_at": timestamps(sent["sent_at"]),
        "is_delivered": pa.array(sent["outcome"] == messages.DELIVERED),
        "is_failed": pa.array(sent["outcome"] == messages.FAILED),
        "segment_count": pa.array(np.ones_like(segments) if is_priced else segments),  # the price is of the whole
        "cost_amount": price if is_priced else pa.nulls(len(segments), price.type),
    })  # fmt: skip
