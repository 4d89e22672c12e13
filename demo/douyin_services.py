"""The other Douyin exports: after-sales, commission orders of the alliance, and the membership."""

from datetime import date, timedelta

import numpy as np

from demo import canaries, headers
from demo.asof import documents_as_of, known_moments, lines_as_of
from demo.brand import Brand
from demo.catalogue import (
    ALLIANCE,
    CODES,
    DOUYIN_SHOPS,
    EXCHANGE,
    INFLUENCERS,
    JOIN_CHANNELS,
    LEVEL_NAMES,
    PRODUCT_IDS,
    PRODUCTS,
    RESEND,
    RETURN,
    Shop,
)
from demo.cells import Cell, Text, choose, digits, end_of, joined, open_id, pick, union_id, when, yuan
from demo.columns import Columns, height, rows, stacked
from demo.douyin_orders import influencer_names
from demo.formats import csv_bytes, total_row
from demo.members import members_as_of
from demo.stores import has_card, phone
from demo.timeline import DAY, NEVER

NAMES = tuple(product.name for product in PRODUCTS)
SETTLES_AFTER = 7 * DAY
LIFE = 60  # days after which nothing of an order changes any more
STATUSES = ("待商家处理", "待买家退货", "同意退款，退款成功", "换货成功", "补寄成功", "售后关闭")
WAITING, RETURNING, REFUNDED, EXCHANGED, RESENT, CLOSED = range(6)


def aftersale_export(brand: Brand, shop: Shop, day: date, days: int) -> bytes | None:
    """The after-sales documents changed in the last so many days."""
    documents = documents_as_of(brand, end_of(day), end_of(day) - days * DAY)
    documents = rows(documents, documents["shop"] == shop.index)
    if height(documents) == 0:
        return None
    cells = aftersale_cells(documents) | aftersale_progress(documents) | aftersale_notes(documents)
    return csv_bytes(headers.DOUYIN_AFTERSALE, cells, height(documents), "utf-8-sig", "-")


def aftersale_cells(documents: Columns) -> dict[str, Cell]:
    was_shipped = documents["shipped_at"] <= documents["applied_at"]
    refund_only = choose(was_shipped, "已发货仅退款", "未发货仅退款")
    kind = documents["kind"]
    return {
        "售后单号": digits(documents["refund_id"], after="\t"),
        "订单号": digits(documents["order_id"], after="\t"),
        "商品单号": digits(documents["order_line_id"], after="\t"),
        "商品名称": pick(NAMES, documents["product"]),
        "商品ID": digits(PRODUCT_IDS[documents["shop"], documents["product"]], after="\t"),
        "商家编码": pick(CODES, documents["product"]),
        "应付金额（元）": yuan(documents["paid_amount"]),
        "商品运费（元）": "0.00",
        "商品发货状态": choose(was_shipped, "已发货", "未发货"),
        "售后类型": choose(kind == 0, refund_only, pick(("", "退货退款", "换货", "价保", "补寄"), kind)),
        "退商品金额（元）": yuan(documents["amount"]),
        "退运费金额（元）": "0.00",
        "售后申请时间": when(documents["applied_at"]),
        "退款方式": choose(np.isin(kind, (EXCHANGE, RESEND)), "无需退款", "原路退回"),
    }


def aftersale_progress(documents: Columns) -> dict[str, Cell]:
    """Open until finished; the time of the end stands in the column of the kind of end."""
    finished, kind = documents["finished_at"], documents["kind"]
    ends = np.select([kind == EXCHANGE, kind == RESEND], [EXCHANGED, RESENT], REFUNDED)
    ends = np.where(documents["succeeds"], ends, CLOSED)
    status = np.where(finished < NEVER, ends, np.where(kind == RETURN, RETURNING, WAITING))
    paid_back = np.where(status == REFUNDED, finished, NEVER)
    return {
        "售后状态": pick(STATUSES, status),
        "同意售后申请时间": when(paid_back),
        "商家退款时间": when(paid_back),
        "用户到账时间": when(paid_back),
        "售后关闭时间": when(np.where(status == CLOSED, finished, NEVER)),
        "售后完结时间": when(finished),
    }


def aftersale_notes(documents: Columns) -> dict[str, Cell]:
    which = documents["refund_id"] % 4
    remark = pick(canaries.REMARKS, which)
    dialogue = joined("买家申请售后\n", remark, ',商家回复："请提供照片"\n系统：处理中')
    return {
        "售后原因": "不想要了",
        "商家退货联系人姓名": canaries.NAMES[0],
        "商家退货联系人电话": canaries.PHONES[2],
        "商家退货地址": canaries.ADDRESSES[2],
        "用户售后说明": remark,
        "订单备注": choose(which > 0, "-", remark),
        "协商记录": dialogue,
    }


def alliance_export(brand: Brand, day: date, days: int) -> bytes | None:
    """Commission orders of both shops paid, received, settled or returned in the last so many days."""
    cutoff, since = end_of(day), end_of(day) - days * DAY
    lines = stacked(commissioned(brand, shop, day, LIFE + days) for shop in DOUYIN_SHOPS)
    moments = [known_moments(lines[name], cutoff) for name in ("paid_at", "completed_at", "closed_at", "settled_at")]
    changed = np.maximum.reduce([np.where(moment < NEVER, moment, 0) for moment in moments])
    lines = rows(lines, changed >= since)
    if height(lines) == 0:
        return None
    table = csv_bytes(headers.DOUYIN_ALLIANCE, alliance_cells(brand, lines), height(lines), "gb18030")
    sums = {"支付金额": f"{lines['paid_amount'].sum() / 100:.2f}", "商品数量": str(lines["quantity"].sum())}
    return table + total_row(headers.DOUYIN_ALLIANCE, sums, "gb18030")


def commissioned(brand: Brand, shop: Shop, day: date, days: int) -> Columns:
    """The paid lines on which somebody earns a commission, with the time of settlement."""
    cutoff = end_of(day)
    orders = brand.orders_between(shop.index, day - timedelta(days=days - 1), day)
    lines = lines_as_of(brand, brand.lines_of(orders), cutoff)
    lines = rows(lines, (lines["source"] == ALLIANCE) & (lines["paid_at"] < NEVER))
    settled = np.where(lines["completed_at"] < NEVER, lines["completed_at"] + SETTLES_AFTER, NEVER)
    settled = np.where(settled < lines["closed_at"], settled, NEVER)
    return lines | {"settled_at": known_moments(settled, cutoff)}


def alliance_cells(brand: Brand, lines: Columns) -> dict[str, Cell]:
    percent = 10 + lines["author"] % 4 * 5
    commission = lines["paid_amount"] * percent // 100
    is_settled, is_returned = lines["settled_at"] < NEVER, lines["closed_at"] < NEVER
    is_received = lines["completed_at"] < NEVER
    status = np.select([is_returned, is_settled, is_received], [3, 2, 1], 0)
    return {
        "订单id": digits(lines["order_line_id"], after="\t"),
        "商品id": digits(PRODUCT_IDS[lines["shop"], lines["product"]], after="\t"),
        "商品名称": pick(NAMES, lines["product"]),
        "作者账号": influencer_names(brand, lines["author"], lines["created_at"]),
        "抖音/火山号": pick([influencer.number for influencer in INFLUENCERS], lines["author"]),
        "支付金额": yuan(lines["paid_amount"]),
        "佣金率": digits(percent, after=".00%"),
        "预估佣金支出": yuan(commission),
        "结算金额": choose(is_settled, yuan(lines["paid_amount"] - lines["refunded_amount"]), "0.00"),
        "实际佣金支出": choose(is_settled, yuan(commission), "0.00"),
        "订单状态": pick(("订单付款", "订单收货", "订单结算", "订单退货退款"), status),
        "付款时间": when(lines["paid_at"], ""),
        "收货时间": when(lines["completed_at"], ""),
        "订单结算时间": when(lines["settled_at"], ""),
        "店铺id": pick([f"{shop.shop_id}\t" for shop in DOUYIN_SHOPS], lines["shop"]),
        "店铺名称": pick([shop.name for shop in DOUYIN_SHOPS], lines["shop"]),
        "商品数量": digits(lines["quantity"]),
        "流量来源": "精选联盟",
    }


def member_export(brand: Brand, day: date, changed_since: int) -> bytes | None:
    """Every member whose row changed since the export before."""
    members = members_as_of(brand.memberships, end_of(day))
    members = rows(members, members["updated_at"] >= changed_since)
    return csv_bytes(headers.DOUYIN_MEMBER, member_cells(members, day), height(members)) if height(members) else None


def member_cells(members: Columns, day: date) -> dict[str, Cell]:
    person, has_left = members["person"], members["left_at"] < NEVER
    level: Text = digits(members["level"] + 1)
    return {
        "shop_id": pick([shop.shop_id for shop in DOUYIN_SHOPS], members["shop"]),
        "open_id": open_id(person, members["shop"]),
        "union_id": choose(members["has_union"], union_id(person), ""),
        "mobile_cipher": pick(canaries.CIPHERS, person % 4),
        "mobile_plain_or_hash": choose(has_card(person), phone(person), pick(canaries.PHONES, person % 4)),
        "level": level,
        "level_name": pick(LEVEL_NAMES, members["level"]),
        "point_cent": digits(members["point_cent"]),
        "join_time": when(members["joined_at"]),
        "join_channel": pick(JOIN_CHANNELS, members["channel"]),
        "exit_time": when(members["left_at"], ""),
        "status": choose(has_left, "已退出", "正常"),
        "birthday": pick(canaries.BIRTHDAYS, person % 4),
        "updated_at": when(members["updated_at"]),
        "export_time": f"{day} 23:59:59",
    }
