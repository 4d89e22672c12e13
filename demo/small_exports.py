"""The order exports of JD (GB2312, one row per SKU with the amounts of its order) and Youzan (one row per order).

What is in the orders is drawn by `small_shops`; persons are named by made-up values (`canaries`) and numbers of nobody.
"""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from demo import canaries, headers
from demo.asof import MOMENTS, known_moments, status
from demo.brand import Brand
from demo.catalogue import CLOSED, CODES, JD, PRICES, PRODUCTS, SMALL_PRODUCT_IDS, YOUZAN, Shop
from demo.cells import Cell, Text, choose, compute, digits, end_of, pick, when, wrap, yuan
from demo.columns import Array, Columns, height, looked_up, rows
from demo.formats import csv_bytes
from demo.small_shops import GOODS, created_between
from demo.stores import phone
from demo.timeline import NEVER

NAMES = tuple(product.name for product in PRODUCTS)
JD_STATUSES = ("等待付款", "等待出库", "等待确认收货", "完成", "(删除)等待付款", "(删除)等待出库")
YOUZAN_STATUSES = ("待付款", "待发货", "已发货", "已完成", "已关闭")


def listings() -> list[tuple[str, str, list[str]]]:
    """(platform, shop, the id of each product); what a shop does not sell has none."""
    return [
        (shop.platform, shop.shop_id, [ids[i] if i in GOODS else "" for i in range(len(PRODUCTS))])
        for shop, ids in ((JD, [str(number) for number in SMALL_PRODUCT_IDS]), (YOUZAN, NAMES))
    ]


def small_lines_as_of(brand: Brand, shop: Shop, first: date, day: date) -> Columns:
    """The lines of the shop's orders since the first day, as they stand at the end of the last."""
    known = rows(brand.small_lines, created_between(brand.small_lines, shop, first, day))
    known |= {name: known_moments(known[name], end_of(day)) for name in MOMENTS}
    return known | {"status": status(known)}


def jd_export(brand: Brand, day: date, days: int) -> bytes | None:
    lines = small_lines_as_of(brand, JD, day - timedelta(days=days - 1), day)
    if height(lines) == 0:
        return None
    form = headers.JD_ORDER if day < brand.items_from else headers.JD_ORDER_NEW
    header = (*form, "")  # the trailing comma
    return csv_bytes(header, jd_cells(lines) | jd_person_cells(lines), height(lines), "gb2312")


def jd_cells(lines: Columns) -> dict[str, Cell]:
    listed, paid = (order_sums(lines, name) for name in ("list_amount", "paid_amount"))
    was_paid = (lines["status"] == CLOSED) & (lines["paid_at"] < NEVER)
    return {
        "订单号": digits(lines["order_id"]),
        "商品ID": digits(SMALL_PRODUCT_IDS[lines["product"]]),
        "商品名称": pick(NAMES, lines["product"]),
        "货号": pick(CODES, lines["product"]),
        "订购数量": digits(lines["quantity"]),
        "支付方式": "在线支付",
        "下单时间": when(lines["created_at"], ""),
        "京东价": yuan(PRICES[lines["product"]]),
        "订单金额": yuan(listed),
        "结算金额": yuan(paid),
        "余额支付": "0.00",
        "应付金额": yuan(paid),
        "订单状态": pick(JD_STATUSES, lines["status"] + was_paid),
        "订单类型": "一般订单",
        "运费金额": "0.00",
        "付款确认时间": when(lines["paid_at"], ""),
        "订单完成时间": when(lines["completed_at"], ""),
        "订单来源": "京东APP",
        "仓库名称": "杭州一号仓",
        "商家SKUID": pick(CODES, lines["product"]),
        "是否为品牌商订单": "否",
        "是否为toplife订单": "否",
        "商家应收": wrap(yuan(paid * 95 // 100), after="(此金额为预估，以结算为准)"),
    }


def jd_person_cells(lines: Columns) -> dict[str, Cell]:
    which = lines["person"] % 4
    remark = choose(which > 0, "", canaries.REMARKS[0])
    return {
        "下单帐号": choose(is_shown(lines["person"]), pin(lines["person"]), digits(lines["person"] % 10, "jd_***")),
        "客户姓名": pick(canaries.NAMES, which),
        "客户地址": pick(canaries.ADDRESSES, which),
        "联系电话": choose(which > 1, canaries.PHONES[4], pick(canaries.PHONES, which)),
        "订单备注": choose(lines["split_from"] > 0, digits(lines["split_from"], "拆分自订单"), remark),
        "商家备注": choose(which > 2, canaries.REMARKS[2], ""),
        "发票抬头": choose(which > 1, "", canaries.NAMES[2]),
        "普通发票纳税编号": choose(which > 1, "", canaries.PHONES[2]),
    }


def is_shown(person: Array) -> Array:
    """Of some buyers JD masks the account, and Youzan the phone."""
    return person % 6 != 2


def pin(person: Array) -> Text:
    return digits(person * 7_919 + 11, "jd_")


def youzan_export(brand: Brand, day: date, days: int) -> bytes | None:
    lines = small_lines_as_of(brand, YOUZAN, day - timedelta(days=days - 1), day)
    if height(lines) == 0:
        return None
    _, starts, sizes = np.unique(lines["order"], return_index=True, return_counts=True)
    orders = looked_up(lines | {"paid_amount": order_sums(lines, "paid_amount")}, lines, starts)
    cells = youzan_cells(orders) | {"全部商品名称": goods(lines, sizes), "商品种类数": digits(sizes)}
    return csv_bytes(headers.YOUZAN_ORDER, cells, height(orders), "utf-8-sig")


def goods(lines: Columns, sizes: Array) -> Text:
    """The goods of each order in one cell, with their quantities."""
    pieces = wrap(
        compute.binary_join_element_wise(pick(NAMES, lines["product"]), digits(lines["quantity"]), "("), "", "件)"
    )
    offsets = pa.array(np.concatenate([[0], np.cumsum(sizes)]), pa.int32())
    return compute.binary_join(pa.ListArray.from_arrays(offsets, pieces), ",")


def youzan_cells(orders: Columns) -> dict[str, Cell]:
    which = orders["person"] % 4
    return {
        "订单号": digits(orders["order_id"], "E"),
        "订单状态": pick(YOUZAN_STATUSES, orders["status"]),
        "订单创建时间": when(orders["created_at"], ""),
        "买家付款时间": when(orders["paid_at"], ""),
        "订单实付金额": yuan(orders["paid_amount"]),
        "收货人/提货人": pick(canaries.NAMES, which),
        "收货人手机号/提货人手机号": pick(canaries.PHONES, which),
        "收货人省份": "浙江省",
        "收货人城市": "杭州市",
        "收货人地区": "西湖区",
        "详细收货地址/提货地址": pick(canaries.ADDRESSES, which),
        "买家昵称": pick(canaries.NAMES, which),
        "买家手机号": choose(is_shown(orders["person"]), phone(orders["person"]), canaries.PHONES[1]),
    }


def order_sums(lines: Columns, name: str) -> Array:
    """What the line's whole order comes to."""
    _, position = np.unique(lines["order"], return_inverse=True)
    return np.bincount(position, lines[name]).astype(np.int64)[position]
