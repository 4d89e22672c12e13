"""Messages in the logs of three senders, each of which has its own campaign and its own words.

A log holds the messages of its day and of the day before: receipts arrive on the next day only, and a few never do.
Belongs here: who is sent what, and how the logs say so. Does not: the brand's own list of messages (`generic`).
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from demo import campaigns, canaries, headers
from demo.brand import Brand
from demo.catalogue import DOUYIN_SHOPS, Shop
from demo.cells import Cell, Text, choose, day_text, digits, end_of, joined, pick, when, yuan
from demo.columns import Array, Columns, height, stacked
from demo.formats import csv_bytes
from demo.stores import cards, phone
from demo.timeline import HOUR, NEVER, seconds

MOST = 20  # of a wave
SEGMENT_PRICE = 5  # fen, at Yunpian
LATE = timedelta(days=1)
WAITING, FAILED, DELIVERED = range(3)
BEIJING = 8 * HOUR


@dataclass(frozen=True)
class Sender:
    campaign: str
    waves: tuple[int, ...]  # days before the last one
    tells_details: bool = True  # segments, and what failed
    shop: Shop | None = None  # whose members are sent the messages; without one, those who hold a card of the town


ALIYUN = Sender("SAMPLE", (18, 7), tells_details=False)
YUNPIAN = Sender("WAKE", (16, 5))
DOUYIN = {shop.shop_id: Sender("FESTIVAL", (8, 4), shop=shop) for shop in DOUYIN_SHOPS}


def messages(brand: Brand, sender: Sender, wave: date) -> Columns:
    """One message to each of some people who held a card, or were members, when it was sent."""
    sent = seconds(wave) + 11 * HOUR
    person = recipients(brand, sender, sent)[:MOST]
    number = np.arange(len(person))
    outcome = np.select([number % 7 == 2, number % 7 == 5], [FAILED, WAITING], DELIVERED)
    sent_at = sent + number
    return {
        "person": person,
        "sent_at": sent_at,
        "received_at": sent_at + 15 * HOUR,
        "outcome": outcome if sender.tells_details else np.full(len(person), DELIVERED),
        "segment_count": 1 + (number % 3 == 1) * sender.tells_details,
    }


def recipients(brand: Brand, sender: Sender, sent: int) -> Array:
    if sender.shop is None:
        return cards(brand, sent)["person"]
    stays = brand.memberships
    is_member = (stays["shop"] == sender.shop.index) & (stays["joined_at"] < sent) & (stays["left_at"] >= sent)
    return stays["person"][is_member]


def wave_days(brand: Brand, sender: Sender) -> list[date]:
    return [brand.calendar.last_day - timedelta(days=before) for before in sender.waves]


def messages_as_of(brand: Brand, sender: Sender, day: date) -> Columns | None:
    """The messages of the day and of the day before, with the receipts that came by its end."""
    sent = [messages(brand, sender, wave) for wave in wave_days(brand, sender) if timedelta() <= day - wave <= LATE]
    if not sent or height(table := stacked(sent)) == 0:
        return None
    outcome = np.where(table["received_at"] < end_of(day), table["outcome"], WAITING)
    return table | {"outcome": outcome, "received_at": np.where(outcome == DELIVERED, table["received_at"], NEVER)}


def tag(brand: Brand, sender: Sender, table: Columns) -> Text:
    """Ours, and given back by every sender: campaign|wave|arm."""
    campaign = campaigns.campaign_id(brand, sender.campaign)
    return joined(campaign, day_text(table["sent_at"]), "treatment", separator="|")


def content(table: Columns) -> Text:
    return pick(canaries.REMARKS, table["person"] % 4)


def aliyun_log(brand: Brand, day: date) -> bytes | None:
    table = messages_as_of(brand, ALIYUN, day)
    if table is None:
        return None
    columns: dict[str, Cell] = {
        "rec_num": phone(table["person"]),
        "sms_content": content(table),
        "sms_send_time": when(table["sent_at"]),
        "sms_receiver_time": when(table["received_at"], ""),
        "sms_status": choose(table["outcome"] == DELIVERED, "3", "1"),
        "extend": tag(brand, ALIYUN, table),
    }
    return csv_bytes(headers.ALIYUN_SMS, columns, height(table))


def yunpian_log(brand: Brand, day: date) -> bytes | None:
    """The fee is of the whole message, however many segments it had."""
    table = messages_as_of(brand, YUNPIAN, day)
    if table is None:
        return None
    columns: dict[str, Cell] = {
        "sid": digits(table["sent_at"] * 10 + 7),
        "uid": tag(brand, YUNPIAN, table),
        "mobile": phone(table["person"]),
        "send_time": when(table["sent_at"]),
        "text": content(table),
        "send_status": "SUCCESS",
        "report_status": pick(("UNKNOWN", "FAIL", "SUCCESS"), table["outcome"]),
        "fee": yuan(table["segment_count"] * SEGMENT_PRICE),
        "user_receive_time": when(table["received_at"], ""),
        "error_msg": choose(table["outcome"] == FAILED, "UNDELIVRD", ""),
    }
    return csv_bytes(headers.YUNPIAN_SMS, columns, height(table))


def douyin_log(brand: Brand, sender: Sender, day: date) -> bytes | None:
    """The log of a shop: it names no phone, and tells seconds."""
    table = messages_as_of(brand, sender, day)
    if table is None:
        return None
    columns: dict[str, Cell] = {
        "message_id": digits(table["sent_at"] * 10 + 3),
        "send_time": digits(table["sent_at"] - BEIJING),
        "sms_content": content(table),
        "status": pick(("1", "2", "3"), table["outcome"]),
        "count": digits(table["segment_count"]),
        "code": "0",
        "tag": tag(brand, sender, table),
    }
    return csv_bytes(headers.DOUYIN_SMS, columns, height(table))
