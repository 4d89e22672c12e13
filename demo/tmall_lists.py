"""The lists of Tmall orders in their forms: of 2016, of 2019, the classic one, and the newest, which names no buyer.

Which form an order comes in is a matter of its day. The amount paid is net of the refunds of the time, as the platform
really has it, but in the form of 2016, which knows no refunds.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from demo import canaries, headers
from demo.brand import Brand
from demo.catalogue import CLOSED, COMPLETED, TMALL
from demo.cells import Cell, Text, choose, compute, digits, nick, pick, when, wrap, yuan
from demo.columns import Columns, height
from demo.formats import csv_bytes, xlsx_bytes
from demo.timeline import NEVER
from demo.tmall import NAMES, orders_of, status_text, tmall_lines

FORM_SHARE = 0.15  # of the brand's days, for each of the two oldest forms


def classic_lists(brand: Brand, first: date, last: date, day: date) -> Iterator[tuple[str, bytes]]:
    """(name, content) for each form of the orders created from first to last, as they stand at the end of the day.

    The form of 2016 does not say the shop: it lies in a folder named after it, as does the one that came next.
    """
    eve, length = timedelta(days=1), timedelta(days=int(brand.calendar.days * FORM_SHARE))
    of_2019, of_today = brand.calendar.first_day + length, brand.calendar.first_day + 2 * length
    name, folder = f"ExportOrderList{day:%Y%m%d}", TMALL.shop_id
    forms = (
        (f"{folder}/{name}-2016.csv", headers.TMALL_ORDER_LIST_2016, brand.calendar.first_day, of_2019 - eve),
        (f"{folder}/{name}-2019.csv", headers.TMALL_ORDER_LIST_2019, of_2019, of_today - eve),
        (f"{name}.csv", headers.TMALL_ORDER_LIST, of_today, last),
    )
    for path, header, begins, ends in forms:
        lines = tmall_lines(brand, max(first, begins), min(last, ends), day)
        if height(lines):
            cells, count = cells_of(lines, is_net="退款金额" in header)
            yield path, csv_bytes(header, cells, count, "gbk")


def newest_list(brand: Brand, day: date, days: int) -> bytes | None:
    """The workbook of the orders created in the last so many days, never before the classic list ended."""
    lines = tmall_lines(brand, max(brand.classic_until, day - timedelta(days=days)) + timedelta(days=1), day, day)
    if height(lines) == 0:
        return None
    return xlsx_bytes(headers.TMALL_ORDER_LIST_NEW, *cells_of(lines))


def cells_of(lines: Columns, is_net: bool = True) -> tuple[dict[str, Cell], int]:
    """(what a list may say of its orders, their number)."""
    orders = orders_of(lines)
    cells = list_cells(orders, is_net) | {"宝贝标题": titles(lines, orders)} | list_person_cells(orders)
    return cells, height(orders)


def titles(lines: Columns, orders: Columns) -> Text:
    """The titles of an order's goods, in one cell."""
    offsets = pa.array(np.concatenate([[0], np.cumsum(orders["size"])]), pa.int32())
    return compute.binary_join(pa.ListArray.from_arrays(offsets, pick(NAMES, lines["product"])), "，")


def list_cells(orders: Columns, is_net: bool) -> dict[str, Cell]:
    is_paid = orders["paid_at"] < NEVER
    net = np.where(is_paid, orders["paid_amount"] - orders["refunded_amount"] * is_net, 0)
    is_closed = orders["status"] == CLOSED
    is_done = orders["status"] == COMPLETED
    reason = choose(is_closed, choose(is_paid, "退款", "买家未付款"), "订单未关闭")
    return {
        "订单编号": digits(orders["order_id"], '="', '"'),
        "买家应付货款": yuan(orders["paid_amount"]),
        "买家应付邮费": "0.00",
        "总金额": yuan(orders["paid_amount"]),
        "返点积分": "0",
        "买家实际支付金额": yuan(net),
        "买家支付积分": "0",
        "买家实际支付积分": "0",
        "订单状态": status_text(orders),
        "运送方式": "快递",
        "订单创建时间": when(orders["created_at"], ""),
        "订单付款时间": when(orders["paid_at"], ""),
        "宝贝种类": digits(orders["size"]),
        "宝贝总数量": digits(orders["quantity"]),
        "店铺Id": TMALL.shop_id,
        "店铺名称": TMALL.name,
        "订单关闭原因": reason,
        "卖家服务费": "0",
        "买家服务费": "0.00元",
        "是否手机订单": "手机订单",
        "退款金额": yuan(orders["refunded_amount"]),
        "确认收货时间": when(orders["completed_at"], ""),
        "打款商家金额": choose(is_done, wrap(yuan(net), after="元"), ""),
        "支付单号": choose(is_paid, digits(orders["order_id"] * 2 + 1), ""),
        "发货时间": when(orders["shipped_at"], ""),
        "主订单编号": digits(orders["order_id"]),
    }


def list_person_cells(orders: Columns) -> dict[str, Cell]:
    person = orders["person"]
    which = person % 4
    return {
        "买家会员名": nick(person),
        "买家支付宝账号": pick(canaries.PAYMENT_ACCOUNTS, which),
        "买家留言": choose(person % 5 > 0, "", pick(canaries.REMARKS, which)),
        "收货人姓名": pick(canaries.NAMES, which),
        "收货地址": pick(canaries.ADDRESSES, which),
        "联系电话": choose(which > 0, "", "'" + canaries.PHONES[3]),
        "联系手机": wrap(pick(canaries.PHONES, which), "'"),
        "订单备注": choose(person % 7 > 0, "", pick(canaries.REMARKS[::-1], which)),
        "商家备忘": choose(person % 7 > 0, "", pick(canaries.REMARKS, which)),
    }
