"""The truth beside the deliveries: what the files say, taken together, at the end of the last day.

Written from the brand itself, never from the files, so that it can judge whoever reads them.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from demo import douyin_live, truth_people
from demo.asof import documents_as_of, is_tmall, lines_as_of
from demo.brand import Brand
from demo.catalogue import (
    AD_TYPES,
    CHANNELS,
    CLOSED,
    CODES,
    DOUYIN_SHOPS,
    FORMATS,
    INFLUENCERS,
    JD,
    KIND_NAMES,
    NORMAL,
    PRODUCT_IDS,
    PRODUCTS,
    SHOPS,
    SMALL_PRODUCT_IDS,
    SMALL_SHOPS,
    SOURCES,
    STATUS_NAMES,
    ZERO_PRICE,
    Shop,
)
from demo.cells import Text, account_id, choose, dates, digits, end_of, money, pick, timestamps
from demo.columns import Array, Columns, rows
from demo.small_exports import is_shown, pin, small_lines_as_of
from demo.timeline import DAY, NEVER, seconds
from demo.tmall import order_status_of, orders_of

PLATFORMS = tuple(shop.platform for shop in SHOPS + SMALL_SHOPS)
SHOP_IDS = tuple(shop.shop_id for shop in SHOPS + SMALL_SHOPS)
NAMES = tuple(product.name for product in PRODUCTS)


def write(brand: Brand, folder: Path) -> None:
    """One Parquet file for each table; one shop's lines in memory at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    cutoff = end_of(brand.calendar.last_day)
    sales = []
    with ExitStack() as stack:
        writer: pq.ParquetWriter | None = None
        for lines, sold in sales_of_shops(brand, cutoff):
            writer = writer or stack.enter_context(pq.ParquetWriter(folder / "order_lines.parquet", lines.schema))
            writer.write_table(lines.select(writer.schema.names))
            sales.append(sold)
    pq.write_table(refunds(brand, cutoff), folder / "refunds.parquet")
    for name, table in truth_people.tables(brand, cutoff):
        pq.write_table(table, folder / f"{name}.parquet")
    pq.write_table(pa.concat_tables(sales), folder / "sales_daily.parquet")
    pq.write_table(anchor_shifts(brand), folder / "anchor_shifts.parquet")


def sales_of_shops(brand: Brand, cutoff: int) -> Iterator[tuple[pa.Table, pa.Table]]:
    """(lines, sales by day) of each shop."""
    for shop in SHOPS:
        orders = brand.orders_between(shop.index, brand.calendar.first_day, brand.calendar.last_day)
        lines = lines_as_of(brand, brand.lines_of(orders), cutoff)
        yield order_lines(brand, lines), sales_daily(lines)
    for shop in SMALL_SHOPS:
        lines = small_lines_as_of(brand, shop, brand.calendar.first_day, brand.calendar.last_day)
        lines |= {"paid_at": np.where(lines["status"] == CLOSED, NEVER, lines["paid_at"])}
        yield small_order_lines(lines, shop), sales_daily(lines)


def is_in_classic(brand: Brand, shop: Array, created: Array) -> Array:
    return is_tmall(shop) & (created < end_of(brand.classic_until))


def is_in_items(brand: Brand, shop: Array, created: Array) -> Array:
    return is_tmall(shop) & (created >= seconds(brand.items_from))


def line_ids(brand: Brand, table: Columns) -> Text:
    """The classic Tmall export has no line ids."""
    shop, created = table["shop"], table["created_at"]
    return choose(~is_tmall(shop) | is_in_items(brand, shop, created), digits(table["order_line_id"]), None)


def kind_of(lines: Columns) -> Array:
    """Whatever the export calls it: a line that costs nothing is a free one."""
    return np.where((lines["kind"] == NORMAL) & (lines["paid_amount"] == 0), ZERO_PRICE, lines["kind"])


def is_valid(lines: Columns) -> Array:
    return (kind_of(lines) == NORMAL) & (lines["paid_at"] < NEVER)


def order_lines(brand: Brand, lines: Columns) -> pa.Table:
    shop, created = lines["shop"], lines["created_at"]
    in_classic, in_items = is_in_classic(brand, shop, created), is_in_items(brand, shop, created)
    is_known = np.where(is_tmall(shop), in_classic, lines["has_account"])
    numbers = digits(PRODUCT_IDS[shop, lines["product"]])
    # The format of the last day's orders would have come the day after.
    form = np.where(created >= seconds(brand.calendar.last_day), -1, lines["format"])
    return pa.table({
        "platform": pick(PLATFORMS, shop),
        "shop_id": pick(SHOP_IDS, shop),
        "order_id": digits(lines["order_id"]),
        "order_line_id": line_ids(brand, lines),
        "account_id": choose(is_known, account_id(lines["person"], shop), None),
        "product_id": choose(in_classic & ~in_items, pick(CODES, lines["product"]), numbers),
        "quantity": pa.array(lines["quantity"]),
        "list_amount": money(lines["list_amount"]),
        "paid_amount": money(np.where(lines["paid_at"] < NEVER, lines["paid_amount"], 0)),
        "refunded_amount": money(lines["refunded_amount"]),
        "order_kind": pick(KIND_NAMES, kind_of(lines)),
        "is_valid": pa.array(is_valid(lines)),
        "order_status": pick(STATUS_NAMES, visible_status(lines, in_classic & ~in_items)),
        "created_at": timestamps(created),
        "paid_at": timestamps(lines["paid_at"]),
        "influencer_id": pick([str(i.uid) for i in INFLUENCERS], lines["influencer"], None),
        "traffic_source": pick(SOURCES, lines["source"], None),
        "traffic_type": pick(AD_TYPES, lines["is_ad"], None),
        "traffic_format": pick(FORMATS, form, None),
        "traffic_channel": pick(CHANNELS, lines["channel"], None),
    })  # fmt: skip


def small_order_lines(lines: Columns, shop: Shop) -> pa.Table:
    """Of a closed order nothing counts as paid. Youzan names no price, and of buyers the phone: here their number."""
    count, is_jd = len(lines["order"]), shop is JD
    unknown = pa.nulls(count, pa.string())
    traffic = ("influencer_id", "traffic_source", "traffic_type", "traffic_format", "traffic_channel", "order_line_id")
    return pa.table({
        "platform": pick(PLATFORMS, lines["shop"]),
        "shop_id": pick(SHOP_IDS, lines["shop"]),
        "order_id": digits(lines["order_id"], "" if is_jd else "E"),
        "account_id": choose(is_shown(lines["person"]), (pin if is_jd else digits)(lines["person"]), None),
        "product_id": digits(SMALL_PRODUCT_IDS[lines["product"]]) if is_jd else pick(NAMES, lines["product"]),
        "quantity": pa.array(lines["quantity"]),
        "list_amount": money(lines["list_amount"] if is_jd else lines["paid_amount"]),
        "paid_amount": money(np.where(lines["paid_at"] < NEVER, lines["paid_amount"], 0)),
        "refunded_amount": money(lines["refunded_amount"]),
        "order_kind": pick(KIND_NAMES, lines["kind"]),
        "is_valid": pa.array(is_valid(lines)),
        "order_status": pick(STATUS_NAMES, lines["status"]),
        "created_at": timestamps(lines["created_at"]),
        "paid_at": timestamps(lines["paid_at"]),
        **dict.fromkeys(traffic, unknown),
    })  # fmt: skip


def visible_status(lines: Columns, in_classic_only: Array) -> Array:
    """The classic Tmall export gives every line the status of its order."""
    if not in_classic_only.any():
        return lines["status"]
    return np.where(in_classic_only, order_status_of(lines, orders_of(lines)), lines["status"])


def refunds(brand: Brand, cutoff: int) -> pa.Table:
    documents = documents_as_of(brand, cutoff)
    succeeded = documents["is_refund"]
    return pa.table({
        "platform": pick(PLATFORMS, documents["shop"]),
        "refund_id": digits(documents["refund_id"]),
        "order_line_id": line_ids(brand, documents),
        "refund_amount": money(documents["amount"]),
        "is_successful": pa.array(succeeded),
        "refunded_at": timestamps(np.where(succeeded, documents["finished_at"], NEVER)),
    })  # fmt: skip


def sales_daily(lines: Columns) -> pa.Table:
    """Sales of one shop's valid lines by the day of payment; refunds count on that day too."""
    valid = rows(lines, is_valid(lines))
    valid = rows(valid, np.argsort(valid["paid_at"] // DAY, kind="stable"))
    days, starts = np.unique(valid["paid_at"] // DAY, return_index=True)
    paid, refunded = (sum_by(valid[name], starts) for name in ("paid_amount", "refunded_amount"))
    of_day = np.unique(np.column_stack([valid["paid_at"] // DAY, valid["order"]]), axis=0)[:, 0]
    shop = valid["shop"][starts]
    return pa.table({
        "platform": pick(PLATFORMS, shop),
        "shop_id": pick(SHOP_IDS, shop),
        "paid_date": dates(days * DAY),
        "order_count": pa.array(np.unique(of_day, return_counts=True)[1]),
        "paid_amount": money(paid),
        "refunded_amount": money(refunded),
        "net_amount": money(paid - refunded),
    })  # fmt: skip


def anchor_shifts(brand: Brand) -> pa.Table:
    """Who was on air from when to when, all over by the last day."""
    lives = douyin_live.lives(brand, brand.calendar.last_day, brand.calendar.days)
    shifts = [(account, *shift) for account, evening in lives for shift in douyin_live.shifts(account, evening)]
    return pa.table({
        "shop_id": pa.array([DOUYIN_SHOPS[account].shop_id for account, *_ in shifts], pa.string()),
        "live_account": pa.array([str(INFLUENCERS[account].uid) for account, *_ in shifts], pa.string()),
        "anchor": pa.array([anchor for _, anchor, _, _ in shifts], pa.string()),
        "started_at": timestamps(np.array([start for *_, start, _ in shifts], np.int64)),
        "over_at": timestamps(np.array([end for *_, end in shifts], np.int64)),
    })  # fmt: skip


def sum_by(amounts: Array, starts: Array) -> Array:
    """Sums of the runs that begin at the given positions."""
    return np.add.reduceat(amounts, starts) if len(starts) else amounts[:0]
