"""What the platforms themselves say of a shop's days: the summaries that our figures are reconciled with.

Made of the brand with the platforms' own conventions: whatever was paid for counts, refunds are as of the export, 罗盘
counts sub-orders, and a member is one of that shop. Whom no other export names counts here all the same.
"""

from datetime import date, timedelta

import numpy as np

from demo import headers
from demo.asof import documents_as_of, lines_as_of
from demo.brand import Brand
from demo.catalogue import TMALL, Shop
from demo.cells import Cell, day_text, digits, end_of, yuan
from demo.columns import Array, Columns, height, looked_up, rows
from demo.formats import csv_bytes, xlsx_bytes
from demo.timeline import DAY, NEVER, seconds


def douyin_export(brand: Brand, shop: Shop, day: date, days: int) -> bytes:
    lines, first = sold(brand, shop, day, days), first_day(brand, day, days)
    created, day_end = lines["created_at"], (lines["paid_at"] // DAY + 1) * DAY - 1
    at_order, of_the_day = (is_member(brand.memberships, lines, moments) for moments in (created, day_end))
    cells: dict[str, Cell] = {
        "日期": day_text(days_of(first, day) * DAY),
        "店铺名称": shop.name,
        "店铺ID": f"{shop.shop_id}\t",
        "成交金额": yuan(sums(lines["paid_amount"], lines["paid_at"], first, day), True),
        "成交订单数": digits(sums(lines["paid_amount"] > 0, lines["paid_at"], first, day)),
        "成交人数": digits(buyers(lines, first, day)),
        "退款金额(支付时间)": yuan(sums(lines["refunded_amount"], lines["paid_at"], first, day)),
        "退款金额(退款时间)": yuan(refunded(brand, shop, first, day)),
        "会员成交金额": yuan(sums(lines["paid_amount"] * at_order, lines["paid_at"], first, day)),
        "会员支付金额": yuan(sums(lines["paid_amount"] * of_the_day, lines["paid_at"], first, day)),
    }
    return csv_bytes(headers.DOUYIN_SHOP_SUMMARY, cells, len(days_of(first, day)), "utf-8-sig")


def tmall_export(brand: Brand, day: date, days: int) -> bytes:
    lines, first = sold(brand, TMALL, day, days), first_day(brand, day, days)
    everybody = buyers(lines, first, day)
    cells: dict[str, Cell] = {
        "统计日期": day_text(days_of(first, day) * DAY),
        "支付金额": yuan(sums(lines["paid_amount"], lines["paid_at"], first, day), True),
        "支付新买家数": digits(everybody // 3),
        "支付老买家数": digits(everybody - everybody // 3),
        "成功退款金额": yuan(refunded(brand, TMALL, first, day)),
    }
    return xlsx_bytes(headers.TMALL_SHOP_SUMMARY, cells, len(days_of(first, day)))


def first_day(brand: Brand, day: date, days: int) -> date:
    return max(brand.calendar.first_day, day - timedelta(days=days - 1))


def days_of(first: date, last: date) -> Array:
    return np.arange(seconds(first) // DAY, seconds(last) // DAY + 1)


def sold(brand: Brand, shop: Shop, day: date, days: int) -> Columns:
    """Every line paid for on the days; who orders before midnight may pay after it."""
    first = first_day(brand, day, days)
    orders = brand.orders_between(shop.index, first - timedelta(days=1), day)
    lines = lines_as_of(brand, brand.lines_of(orders), end_of(day))
    is_sold = (lines["paid_at"] < NEVER) & (lines["paid_at"] >= seconds(first)) & (lines["paid_amount"] > 0)
    return rows(lines, is_sold)


def sums(amounts: Array, moments: Array, first: date, last: date) -> Array:
    """By day of the moments."""
    position = moments // DAY - seconds(first) // DAY
    return np.bincount(position, amounts, len(days_of(first, last))).astype(np.int64)


def buyers(lines: Columns, first: date, last: date) -> Array:
    pairs = np.unique(np.column_stack([lines["paid_at"] // DAY, lines["person"]]), axis=0)
    return sums(np.ones(len(pairs)), pairs[:, 0] * DAY, first, last)


def refunded(brand: Brand, shop: Shop, first: date, last: date) -> Array:
    """What went back on the days, whenever it had been paid."""
    documents = documents_as_of(brand, end_of(last), seconds(first))
    documents = rows(documents, (documents["shop"] == shop.index) & documents["is_refund"])
    return sums(documents["amount"], documents["finished_at"], first, last)


def is_member(memberships: Columns, lines: Columns, moments: Array) -> Array:
    """Whether the buyer was a member of the line's shop at its moment; nobody has more than two stays."""
    width = int(max(memberships["person"].max(initial=0), lines["person"].max(initial=0))) + 1
    stays = memberships["shop"] * width + memberships["person"]
    wanted = lines["shop"].astype(np.int64) * width + lines["person"]
    found = np.zeros(height(lines), bool)
    for offset in range(2):
        position = np.minimum(np.searchsorted(stays, wanted) + offset, len(stays) - 1)
        stay = looked_up(memberships, ("joined_at", "left_at"), position) | {"key": stays[position]}
        found |= (stay["key"] == wanted) & (stay["joined_at"] <= moments) & (moments < stay["left_at"])
    return found
