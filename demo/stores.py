"""The brand's shops in town: their member cards, and what Tmall knows of their holders.

Some of these people buy on the platforms too; only their phone says so. No operator has numbers that begin with 164.
"""

from datetime import date

import numpy as np

from demo import canaries, headers
from demo.brand import Brand
from demo.catalogue import TMALL
from demo.cells import Cell, Text, choose, digits, end_of, nick, pick, scrambled, when
from demo.columns import Array, Columns, height, rows, stacked
from demo.formats import csv_bytes
from demo.timeline import DAY, HOUR

STORES = ("SH-01", "SH-02", "HZ-01")
EVERY, AMONG, MERGED_AMONG, STRANGERS = 25, 3, 50, 10_000_000
TOLD_AFTER, RECOGNISED_AFTER, NEVER_RECOGNISED_AMONG = DAY, 15 * DAY, 3


def has_card(person: Array) -> Array:
    return person % EVERY == AMONG


def phone(person: Array) -> Text:
    return digits(person + 16_400_000_000)


def card(person: Array) -> Text:
    return digits(person + 80_000_000)


def cards(brand: Brand, cutoff: int) -> Columns:
    """One row per card that people hold at the cut-off, by time of joining: buyers, members, and people of the town."""
    known = np.unique(np.concatenate([brand.orders["person"], brand.memberships["person"]]))
    known = known[has_card(known)]
    person = np.concatenate([known, STRANGERS + np.arange(len(known) // 4)])
    joined_at = brand.calendar.opens + person * 7_919 % brand.calendar.days * DAY + 10 * HOUR + person * 31 % (8 * HOUR)
    table = rows({"person": person, "joined_at": joined_at}, np.lexsort((person, joined_at)))
    return rows(table, table["joined_at"] < cutoff)


def card_export(brand: Brand, day: date) -> bytes | None:
    """All cards; a person who lost one has two rows, of which the old one is merged."""
    held = cards(brand, end_of(day))
    lost = rows(held, held["person"] % MERGED_AMONG == AMONG)
    table = stacked([held | {"is_lost": np.zeros(height(held), bool)}, lost | {"is_lost": np.ones(height(lost), bool)}])
    return csv_bytes(headers.POS_MEMBER, card_cells(table), height(table), "gbk") if height(table) else None


def card_cells(table: Columns) -> dict[str, Cell]:
    person, is_lost = table["person"], table["is_lost"]
    return {
        "卡号": choose(is_lost, digits(person + 60_000_000), card(person)),
        "姓名": pick(canaries.NAMES, person % 4),
        "手机号": phone(person),
        "性别": choose(person % 3 == 0, "男", "女"),
        "入会时间": when(table["joined_at"]),
        "入会门店": store(person),
        "会员状态": choose(is_lost, "被合并", "正常"),
        "合并至卡号": choose(is_lost, card(person), ""),
        "余额": "0.00",
        "积分": choose(is_lost, "0", digits(person % 500)),
    }


def store(person: Array) -> Text:
    return pick(STORES, person % len(STORES))


def tmall_member_export(brand: Brand, day: date) -> bytes | None:
    """Buyers of the Tmall shop who hold a card: the platform's member sync shows their phone."""
    orders = rows(brand.orders, (brand.orders["shop"] == TMALL.index) & (brand.orders["created_at"] < end_of(day)))
    person = np.unique(orders["person"][has_card(orders["person"])])
    columns: dict[str, Cell] = {
        "mobile": phone(person),
        "nick": nick(person),
        "level": digits(person % 4 + 1),
        "level_type": "1",
        "point": digits(person % 300),
    }
    return csv_bytes(headers.TMALL_MEMBER_SYNC, columns, len(person)) if len(person) else None


def told_cards(brand: Brand, cutoff: int) -> Columns:
    """The cards that Tmall was told of (上翻): of people who never buy there, so each has one account in its shop."""
    held = cards(brand, cutoff - TOLD_AFTER)
    held = rows(held, ~np.isin(held["person"], brand.orders["person"][brand.orders["shop"] == TMALL.index]))
    recognised_at = held["joined_at"] + RECOGNISED_AFTER
    knows = (held["person"] // EVERY % NEVER_RECOGNISED_AMONG > 0) & (recognised_at < cutoff)
    return held | {"is_recognised": knows, "changed_at": np.where(knows, recognised_at, held["joined_at"] + TOLD_AFTER)}


def recognised_id(person: Array) -> Text:
    return scrambled(person + (1 << 41), "r@")


def recognised_export(brand: Brand, day: date) -> bytes | None:
    """All cards that Tmall was told of; of those not recognised an account stands there too, and is nobody's."""
    told = told_cards(brand, end_of(day))
    person, is_recognised = told["person"], told["is_recognised"]
    columns: dict[str, Cell] = {
        "phone": phone(person),
        "out_member_id": card(person),
        "open_id": recognised_id(person),
        "level_name": "普通会员",
        "real_name": pick(canaries.NAMES, person % 4),
        "addr": pick(canaries.ADDRESSES, person % 4),
        "status": choose(is_recognised, "1", "0"),
        "tao_nick": pick(canaries.NAMES, (person + 1) % 4),
        "member_type": "1",
        "op_type": "1",
        "out_id": digits(person * 7 + is_recognised),
        "version": "1",
        "gmt_modified": when(told["changed_at"]),
    }
    return csv_bytes(headers.TMALL_RECOGNISED, columns, len(person)) if len(person) else None
