"""Douyin order exports: shop 1 downloads variant A (UTF-8 with BOM), shop 2 variant B (GB18030).

Both carry `doudian_open_id` at the end, as an export completed through the open platform does.
"""

from datetime import date, timedelta

import numpy as np

from demo import canaries, headers
from demo.asof import lines_as_of
from demo.brand import Brand
from demo.catalogue import (
    AD_TYPES,
    APPS,
    CHANNELS,
    CODES,
    FORMATS,
    INFLUENCERS,
    KIND_TEXTS,
    LIVE,
    POSTAGE,
    PRICES,
    PRODUCT_IDS,
    PRODUCTS,
    SOURCES,
    VIDEO,
    Shop,
)
from demo.cells import Cell, Text, choose, digits, end_of, open_id, pick, when, wrap, yuan
from demo.columns import Array, Columns, height
from demo.formats import csv_bytes
from demo.timeline import DAY, NEVER, seconds

STATUS_TEXTS = ("待支付", "待发货", "已发货", "已完成", "已关闭")
AFTERSALE_TEXTS = ("-", "售后待处理", "待退货", "退款成功", "已全额退款", "售后关闭")
NOT_YET = "数据将于第二天更新"
TITLES = tuple(f"{product.name}-({product.code})" for product in PRODUCTS)
SPECS = tuple(f"分类:{product.category};规格:标准" for product in PRODUCTS)


def order_export(brand: Brand, shop: Shop, day: date, days: int) -> bytes | None:
    """The orders created in the last so many days, as they stand at the end of the day; nothing if there are none."""
    rows = brand.lines_of(brand.orders_between(shop.index, day - timedelta(days=days - 1), day))
    lines = lines_as_of(brand, rows, end_of(day))
    if height(lines) == 0:
        return None
    cells = common_cells(brand, lines, day) | person_cells(lines)
    if shop.index == 0:
        cells |= {"商品单价": yuan(PRICES[lines["product"]], True), "订单应付金额": yuan(lines["paid_amount"], True)}
        return csv_bytes(headers.DOUYIN_ORDER_A, cells, height(lines), "utf-8-sig", "-")
    cells |= {"商品金额": yuan(PRICES[lines["product"]]), "订单应付金额": yuan(lines["paid_amount"])}
    return csv_bytes(headers.DOUYIN_ORDER_B, cells, height(lines), "gb18030", "-")


def common_cells(brand: Brand, lines: Columns, day: date) -> dict[str, Cell]:
    discount = yuan(lines["list_amount"] - lines["paid_amount"])
    code = pick(CODES, lines["product"])
    return traffic_cells(brand, lines, day) | {
        "主订单编号": digits(lines["order_id"], after="\t"),
        "子订单编号": digits(lines["order_line_id"], after="\t"),
        "选购商品": pick(TITLES, lines["product"]),
        "商品规格": pick(SPECS, lines["product"]),
        "货号": code,
        "商家编码": wrap(code, after=" "),
        "商品ID": digits(PRODUCT_IDS[lines["shop"], lines["product"]], after="\t"),
        "商品数量": digits(lines["quantity"]),
        "运费": "0.00",
        "手续费": "0.00",
        "优惠总金额": discount,
        "商家优惠": discount,
        "商家实际承担优惠金额": discount,
        "支付方式": choose(lines["paid_at"] < NEVER, "抖音支付", "-"),
        "订单提交时间": when(lines["created_at"]),
        "支付完成时间": when(lines["paid_at"]),
        "发货时间": when(lines["shipped_at"]),
        "订单完成时间": when(lines["completed_at"]),
        "订单状态": pick(STATUS_TEXTS, lines["status"]),
        "售后状态": pick(AFTERSALE_TEXTS, lines["aftersale"]),
        "取消原因": cancel_reason(lines),
        "订单类型": pick(KIND_TEXTS, lines["kind"]),
        "是否安心购": "是",
        "是否修改过地址": "否",
    }


def cancel_reason(lines: Columns) -> Text:
    is_closed, is_paid = (lines["closed_at"] < NEVER), (lines["paid_at"] < NEVER)
    return choose(is_closed, choose(is_paid, "买家申请退款", "超时未支付"), "-")


def traffic_cells(brand: Brand, lines: Columns, day: date) -> dict[str, Cell]:
    """The traffic format of a day's orders is known on the next day only."""
    today = lines["created_at"] >= seconds(day)
    ad_channel = np.where(
        lines["is_ad"] == 1, np.select([lines["format"] == LIVE, lines["format"] == VIDEO], [0, 1], 2), 2
    )
    return {
        "APP渠道": pick(APPS, lines["app"]),
        "流量来源": pick(SOURCES, lines["source"]),
        "流量类型": pick(AD_TYPES, lines["is_ad"]),
        "流量体裁": choose(today, NOT_YET, pick(FORMATS, lines["format"])),
        "流量渠道": pick(CHANNELS, lines["channel"]),
        "广告渠道": pick(("直播", "短视频", "无"), ad_channel),
        "达人ID": influencer_ids(lines),
        "达人昵称": influencer_names(brand, lines["influencer"], lines["created_at"]),
    }


def influencer_ids(lines: Columns) -> Text:
    return pick([f"{influencer.uid}\t" for influencer in INFLUENCERS], lines["influencer"])


def influencer_names(brand: Brand, codes: Array, moments: Array) -> Text:
    """Nicknames of the moment: one of them changes in the middle of the period."""
    names = [i.name for i in INFLUENCERS] + [i.renamed or i.name for i in INFLUENCERS]
    renamed = moments >= brand.calendar.opens + brand.calendar.days // 2 * DAY
    return pick(names, np.where((codes >= 0) & renamed, codes + len(INFLUENCERS), codes))


def person_cells(lines: Columns) -> dict[str, Cell]:
    """Receivers (made up, see `canaries`) and, where it is known, the buyer's open_id."""
    which = lines["person"] % 4
    is_quiet = lines["person"] % 5 > 0
    known = lines["has_account"]
    return {
        "收件人": pick(canaries.NAMES, which),
        "收件人手机号": pick(canaries.PHONES, which),
        "详细地址": pick(canaries.ADDRESSES, which),
        "买家留言": choose(is_quiet | (lines["kind"] == POSTAGE), "-", pick(canaries.REMARKS, which)),
        "商家备注": choose(is_quiet, "-", pick(canaries.REMARKS[::-1], which)),
        "省": "浙江省",
        "市": "杭州市",
        "区": "余杭区",
        "doudian_open_id": choose(known, open_id(lines["person"], lines["shop"]), "-"),
    }
