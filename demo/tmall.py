"""Tmall exports: the details of orders (GBK), the newer item workbook, and the refund list. Orders: `tmall_lists`."""

from datetime import date, timedelta

import numpy as np

from demo import canaries, headers
from demo.asof import FULLY_REFUNDED, WAITING, documents_as_of, lines_as_of, status
from demo.brand import Brand
from demo.catalogue import CLOSED, CODES, PRICES, PRODUCT_IDS, PRODUCTS, RETURN, TMALL
from demo.cells import Cell, Text, choose, digits, end_of, pick, when, yuan
from demo.columns import Array, Columns, height, looked_up, rows
from demo.formats import csv_bytes, xlsx_bytes
from demo.timeline import DAY, NEVER

NAMES = tuple(product.name for product in PRODUCTS)
PROPERTIES = tuple(f"颜色分类:{product.category}标准款" for product in PRODUCTS)
STATUS_TEXTS = (
    "等待买家付款",
    "买家已付款，等待卖家发货",
    "卖家已发货，等待买家确认",
    "交易成功",
    "交易关闭",
    "付款以后用户退款成功，交易自动关闭",
)
REFUND_TEXTS = ("没有申请退款", "退款中", "退款中", "退款成功", "退款成功", "退款关闭")  # by how the after-sales stand
NO_REFUND = "无退款申请"


def tmall_lines(brand: Brand, first: date, last: date, day: date) -> Columns:
    """The lines of the orders created from first to last, as they stand at the end of the day."""
    return lines_as_of(brand, brand.lines_of(brand.orders_between(TMALL.index, first, last)), end_of(day))


def status_text(table: Columns) -> Text:
    refunded_away = (table["status"] == CLOSED) & (table["paid_at"] < NEVER)
    return pick(STATUS_TEXTS, np.where(refunded_away, len(STATUS_TEXTS) - 1, table["status"]))


def orders_of(lines: Columns) -> Columns:
    """One row per order: closed when every line is, shipped and completed as soon as one line is."""
    _, starts, sizes = np.unique(lines["order"], return_index=True, return_counts=True)
    orders = looked_up(lines, ("order", "order_id", "person", "created_at", "paid_at"), starts)
    for name in ("paid_amount", "refunded_amount", "quantity"):
        orders[name] = np.add.reduceat(lines[name], starts)
    for name in ("shipped_at", "completed_at"):
        orders[name] = np.minimum.reduceat(lines[name], starts)
    orders["closed_at"] = np.maximum.reduceat(lines["closed_at"], starts)
    return orders | {"size": sizes, "status": status(orders)}


def order_status_of(lines: Columns, orders: Columns) -> Array:
    """The status of each line's order."""
    return orders["status"][np.searchsorted(orders["order"], lines["order"])]


def detail_export(brand: Brand, first: date, last: date, day: date) -> bytes | None:
    """The goods of the orders created from first to last; a row of the classic export names no line."""
    lines = tmall_lines(brand, first, last, day)
    if height(lines) == 0:
        return None
    details = detail_cells(lines | {"status": order_status_of(lines, orders_of(lines))})
    return csv_bytes(headers.TMALL_ORDER_DETAIL, details, height(lines), "gbk")


def detail_cells(lines: Columns) -> dict[str, Cell]:
    code = pick(CODES, lines["product"])
    return {
        "订单编号": digits(lines["order_id"], '="', '"'),
        "标题": pick(NAMES, lines["product"]),
        "价格": yuan(PRICES[lines["product"]]),
        "购买数量": digits(lines["quantity"]),
        "外部系统编号": code,
        "商品属性": pick(PROPERTIES, lines["product"]),
        "备注": choose(lines["person"] % 7 > 0, "", canaries.REMARKS[0]),
        "订单状态": status_text(lines),
        "商家编码": code,
    }


def item_export(brand: Brand, day: date, days: int) -> bytes | None:
    """The item workbook of the orders created in the last so many days, never before its first day."""
    lines = tmall_lines(brand, max(brand.items_from, day - timedelta(days=days - 1)), day, day)
    return xlsx_bytes(headers.TMALL_ITEM_NEW, item_cells(lines), height(lines)) if height(lines) else None


def item_cells(lines: Columns) -> dict[str, Cell]:
    code, stands = pick(CODES, lines["product"]), lines["aftersale"]
    is_paid = lines["paid_at"] < NEVER
    return {
        "子订单编号": digits(lines["order_line_id"]),
        "主订单编号": digits(lines["order_id"]),
        "商品标题": pick(NAMES, lines["product"]),
        "商品价格": yuan(PRICES[lines["product"]]),
        "购买数量": digits(lines["quantity"]),
        "外部系统编号": code,
        "商品属性": pick(PROPERTIES, lines["product"]),
        "联系方式备注": choose(lines["person"] % 7 > 0, "", canaries.REMARKS[1]),
        "订单状态": status_text(lines),
        "商家编码": code,
        "支付单号": choose(is_paid, digits(lines["order_id"] * 2 + 1), ""),
        "买家应付货款": yuan(lines["paid_amount"]),
        "买家实付金额": choose(is_paid, yuan(lines["paid_amount"]), "0.00"),
        "退款状态": pick(REFUND_TEXTS, stands),
        "退款金额": choose((stands >= WAITING) & (stands <= FULLY_REFUNDED), yuan(lines["refunded_amount"]), NO_REFUND),
        "订单创建时间": when(lines["created_at"], ""),
        "订单付款时间": when(lines["paid_at"], ""),
        "商品ID": digits(PRODUCT_IDS[TMALL.index][lines["product"]]),
    }


def refund_export(brand: Brand, day: date, days: int) -> bytes | None:
    """The refund documents changed in the last so many days."""
    documents = documents_as_of(brand, end_of(day), end_of(day) - days * DAY)
    documents = rows(documents, documents["shop"] == TMALL.index)
    return (
        csv_bytes(headers.TMALL_REFUND, refund_cells(documents), height(documents), "gbk")
        if height(documents)
        else None
    )


def refund_cells(documents: Columns) -> dict[str, Cell]:
    is_finished, is_return = (documents["finished_at"] < NEVER), (documents["kind"] == RETURN)
    ended = choose(documents["succeeds"], "退款成功", "退款关闭")
    waiting = choose(is_return, "等待买家退货", "买家已经申请退款，等待卖家同意")
    is_whole = documents["amount"] == documents["paid_amount"]
    return {
        "退款编号": digits(documents["refund_id"], '="', '"'),
        "订单编号": digits(documents["order_id"], '="', '"'),
        "支付宝交易号": digits(documents["order_id"] * 2 + 1, "'"),
        "订单付款时间": when(documents["paid_at"], ""),
        "商品编码": pick(CODES, documents["product"]),
        "退款完结时间": when(documents["finished_at"], ""),
        "买家实际支付金额": yuan(documents["paid_amount"]),
        "宝贝标题": pick(NAMES, documents["product"]),
        "买家退款金额": yuan(documents["amount"]),
        "手工退款/系统退款": "手工退款",
        "是否需要退货": choose(is_return, "是", "否"),
        "退款的申请时间": when(documents["applied_at"], ""),
        "退款状态": choose(is_finished, ended, waiting),
        "货物状态": choose((documents["shipped_at"] <= documents["applied_at"]), "买家已收到货", "买家未收到货"),
        "卖家真实姓名": canaries.NAMES[1],
        "买家退款原因": "不喜欢",
        "买家退款说明": pick(canaries.REMARKS, documents["refund_id"] % 4),
        "部分退款/全部退款": choose(is_whole, "全部退款", "部分退款"),
    }
