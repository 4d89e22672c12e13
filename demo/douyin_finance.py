"""What the Douyin shops are paid: the settlement bill, and the movements of money on their accounts."""

from datetime import date, timedelta

import numpy as np

from demo import canaries, headers
from demo.asof import documents_as_of
from demo.brand import Brand
from demo.catalogue import ALLIANCE, PRODUCT_IDS, Shop
from demo.cells import Cell, Text, choose, digits, end_of, joined, pick, when, yuan
from demo.columns import Columns, height, looked_up, rows, stacked
from demo.douyin_services import SETTLES_AFTER
from demo.formats import csv_bytes, text_column
from demo.timeline import DAY, NEVER

GOODS, SUPPLEMENT, TAKEN_BACK = range(3)
TYPES = ("货款结算", "补充结算", "售后退款")
LONGEST = 90  # days from an order to its last entry
EXPLAINED = {"收入合计": "商品总价+运费+补贴", "支出合计": "平台服务费+佣金", "结算金额": "收入合计+支出合计"}
NAMES = ("shop", "order_id", "order_line_id", "product", "quantity", "list_amount", "created_at", "is_commissioned")


def settlement_export(brand: Brand, shop: Shop, day: date, days: int) -> bytes | None:
    """The entries of the last so many days, below a row that explains the columns."""
    entries = entries_of(brand, shop, day, days)
    if height(entries) == 0:
        return None
    header, cells = headers.DOUYIN_SETTLEMENT, settlement_cells(entries)
    table = csv_bytes(header, cells, height(entries), "gb18030", "0.00")
    explained = csv_bytes(header, {name: text_column([EXPLAINED.get(name, "-")]) for name in header}, 1, "gb18030")
    return explained + table.split(b"\r\n", 1)[1]


def fund_export(brand: Brand, shop: Shop, day: date, days: int) -> bytes | None:
    """Each entry of the settlement bill as a movement: always positive, in or out."""
    entries = entries_of(brand, shop, day, days)
    if height(entries) == 0:
        return None
    return csv_bytes(headers.DOUYIN_FUND_BILL, fund_cells(entries), height(entries), "utf-8-sig", "-")


def entries_of(brand: Brand, shop: Shop, day: date, days: int) -> Columns:
    """Goods settled a week after completion, a supplement for some, and what is refunded after that taken back."""
    orders = brand.orders_between(shop.index, day - timedelta(days=LONGEST), day)
    lines = rows(brand.lines, brand.lines_of(orders))
    lines |= looked_up(brand.orders, ("shop", "order_id", "created_at", "paid_at", "source"), lines["order"])
    lines |= {"settled_at": lines["completed_at"] + SETTLES_AFTER, "is_commissioned": lines["source"] == ALLIANCE}
    is_settled = (lines["completed_at"] < NEVER) & (lines["settled_at"] < lines["closed_at"])
    lines = rows(lines, is_settled & (lines["paid_at"] < NEVER) & (lines["paid_amount"] > 0))
    supplements = rows(lines, lines["order_line_id"] % 40 == 0)
    every = [
        entry(lines, GOODS, lines["paid_amount"]),
        entry(supplements, SUPPLEMENT, np.full(height(supplements), 100)),
        taken_back(brand, shop, lines, day),
    ]
    entries = stacked(every)
    since = end_of(day) - days * DAY
    return rows(entries, (entries["settled_at"] >= since) & (entries["settled_at"] < end_of(day)))


def entry(lines: Columns, kind: int, amount: np.ndarray) -> Columns:
    fee = -amount * np.where(lines["is_commissioned"], 22, 2) // 100
    moment = lines["settled_at"] + (DAY if kind == SUPPLEMENT else 0)
    return {name: lines[name] for name in NAMES} | {
        "kind": np.full(height(lines), kind),
        "document": lines["order_line_id"],
        "income": amount,
        "expense": fee if kind == GOODS else amount * 0,
        "settled_at": moment,
    }


def taken_back(brand: Brand, shop: Shop, lines: Columns, day: date) -> Columns:
    """Refunds of lines that were settled before."""
    documents = documents_as_of(brand, end_of(day))
    documents = rows(documents, (documents["shop"] == shop.index) & documents["is_refund"])
    place = np.searchsorted(lines["order_line_id"], documents["order_line_id"])
    place = np.minimum(place, height(lines) - 1) if height(lines) else place
    found = lines["order_line_id"][place] == documents["order_line_id"] if height(lines) else place < 0
    documents, of = rows(documents, found), rows(lines, place[found])
    late = documents["finished_at"] > of["settled_at"]
    documents, of = rows(documents, late), rows(of, late)
    of |= {"settled_at": documents["finished_at"]}
    return entry(of, TAKEN_BACK, -documents["amount"]) | {"document": documents["refund_id"]}


def quoted(numbers: np.ndarray) -> Text:
    """An id behind an apostrophe, as these files keep it from being rounded."""
    return digits(numbers, before="'")


def settlement_cells(entries: Columns) -> dict[str, Cell]:
    income, expense = entries["income"], entries["expense"]
    return {
        "结算时间": when(entries["settled_at"]),
        "订单号": quoted(entries["order_id"]),
        "子订单号": quoted(entries["order_line_id"]),
        "结算金额": yuan(income + expense),
        "结算账户": "聚合账户",
        "结算单类型": pick(TYPES, entries["kind"]),
        "有结算前退款": "否",
        "下单时间": when(entries["created_at"]),
        "商品ID": quoted(PRODUCT_IDS[entries["shop"], entries["product"]]),
        "商品数量": digits(entries["quantity"]),
        "业务类型": "鲁班电商",
        "订单类型": "普通订单",
        "订单总价": yuan(entries["list_amount"]),
        "商品总价": yuan(entries["list_amount"]),
        "用户实付": yuan(income),
        "收入合计": yuan(income),
        "佣金": choose(entries["is_commissioned"], yuan(expense * 10 // 11), "0.00"),
        "平台服务费": choose(entries["is_commissioned"], yuan(expense - expense * 10 // 11), yuan(expense)),
        "支出合计": yuan(expense),
        "其他分成说明": "-",
        "是否免佣": "否",
        "备注": pick(canaries.REMARKS, entries["order_line_id"] % 4),
    }


def fund_cells(entries: Columns) -> dict[str, Cell]:
    amount = entries["income"] + entries["expense"]
    return {
        "动账时间": when(entries["settled_at"]),
        "动帐流水号": joined("'", digits(entries["document"]), digits(entries["kind"])),
        "动账方向": choose(amount >= 0, "入账", "出账"),
        "动账金额": yuan(np.abs(amount)),
        "动账账户": "聚合账户",
        "动账场景": pick(TYPES, entries["kind"]),
        "子订单号": quoted(entries["order_line_id"]),
        "订单号": quoted(entries["order_id"]),
        "售后编号": choose(entries["kind"] == TAKEN_BACK, quoted(entries["document"]), "-"),
        "下单时间": when(entries["created_at"]),
        "订单类型": "普通订单",
        "备注": pick(canaries.REMARKS[::-1], entries["order_line_id"] % 4),
    }
