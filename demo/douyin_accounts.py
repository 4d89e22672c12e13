"""Lists about the accounts of the Douyin shops: who bought which order, and under which ids people go."""

from datetime import date, timedelta

from demo import headers
from demo.brand import Brand
from demo.catalogue import DOUYIN_SHOPS, Shop
from demo.cells import Cell, Text, digits, end_of, open_id, pick, scrambled, union_id, when
from demo.columns import Array, Columns, height, rows
from demo.formats import csv_bytes
from demo.members import members_as_of
from demo.timeline import DAY

SHOP_IDS = [shop.shop_id for shop in DOUYIN_SHOPS]
REPLACED_EVERY = 101  # every so many-th person


def order_account_list(brand: Brand, shop: Shop, day: date, days: int) -> bytes | None:
    """The buyers of the orders of the last so many days, those that the order export names and no others."""
    orders = rows(brand.orders, brand.orders_between(shop.index, day - timedelta(days=days - 1), day))
    orders = rows(orders, orders["has_account"])
    if height(orders) == 0:
        return None
    cells: dict[str, Cell] = {
        "主订单编号": digits(orders["order_id"], after="\t"),
        "doudian_open_id": open_id(orders["person"], orders["shop"]),
        "shop_id": shop.shop_id,
    }
    return csv_bytes(headers.DOUYIN_ORDER_ACCOUNT, cells, height(orders))


def old_open_id(person: Array, shop: Array) -> Text:
    return scrambled(person * 4 + shop + (1 << 44), "1@#")


def replacement_list(brand: Brand, day: date) -> bytes | None:
    """Everybody whose open_id was replaced on the day after joining."""
    members = rows(brand.memberships, brand.memberships["joined_at"] + DAY < end_of(day))
    members = rows(members, members["person"] % REPLACED_EVERY == 0)
    if height(members) == 0:
        return None
    cells: dict[str, Cell] = {
        "shop_id": pick(SHOP_IDS, members["shop"]),
        "old_open_id": old_open_id(members["person"], members["shop"]),
        "new_open_id": open_id(members["person"], members["shop"]),
        "replaced_at": when(members["joined_at"] + DAY),
    }
    return csv_bytes(headers.DOUYIN_ACCOUNT_REPLACEMENT, cells, height(members))


def union_id_list(brand: Brand, day: date) -> bytes | None:
    """The union_id of every member who has one."""
    members: Columns = members_as_of(brand.memberships, end_of(day))
    members = rows(members, members["has_union"])
    if height(members) == 0:
        return None
    cells: dict[str, Cell] = {
        "shop_id": pick(SHOP_IDS, members["shop"]),
        "open_id": open_id(members["person"], members["shop"]),
        "union_id": union_id(members["person"]),
        "valid_from": when(members["joined_at"]),
    }
    return csv_bytes(headers.DOUYIN_UNION_ID, cells, height(members))
