"""Rows as Tmall, Douyin, JD and Youzan export them, with what a test does not care about filled in."""

from tests.properties.exports import moment, own
from tests.properties.histories import OWN, Row


def tmall_order(
    order: str,
    account: str | None = "a1",
    *,
    amount: str = "100.00",
    status: str = "买家已付款，等待卖家发货",
    created: str = "01-03",
    paid: str | None = "01-03",
    refunded: str = "无退款申请",
    shop: str = "11",
) -> Row:
    return {
        "订单编号": own(order),
        "买家会员名": own(account),
        "总金额": amount,
        "买家实际支付金额": amount if paid else "0.00",
        "订单状态": status,
        "订单创建时间": moment(created),
        "订单付款时间": moment(paid),
        "宝贝总数量": "2",
        "店铺Id": shop,
        "退款金额": refunded,
    }


def tmall_detail(order: str, product: str = "p1", price: str = "50.00", quantity: str = "1") -> Row:
    return {
        "订单编号": own(order),
        "标题": f"title of {product}",
        "价格": price,
        "购买数量": quantity,
        "外部系统编号": own(product),
        "商品属性": "",
        "商家编码": own(product),
    }


def tmall_item(
    line_id: str,
    order: str,
    product: str = "55",
    *,
    amount: str = "50.00",
    status: str = "买家已付款，等待卖家发货",
    paid: str | None = "01-03",
) -> Row:
    return {
        "子订单编号": own(line_id),
        "主订单编号": own(order),
        "商品标题": "",
        "商品价格": amount,
        "购买数量": "1",
        "订单状态": status,
        "商家编码": own(product),
        "买家应付货款": amount,
        "买家实付金额": amount,
        "退款状态": "",
        "退款金额": "无退款申请",
        "订单创建时间": moment(paid or "01-03"),
        "订单付款时间": moment(paid),
        "商品ID": own(product),
    }


def tmall_refund(
    refund_id: str, order: str, product: str = "p1", amount: str = "20.00", *, status: str = "退款成功"
) -> Row:
    return {
        "退款编号": own(refund_id),
        "订单编号": own(order),
        "商品编码": own(product),
        "买家退款金额": amount,
        "是否需要退货": "否",
        "退款的申请时间": moment("01-04"),
        "退款完结时间": moment("01-05"),
        "退款状态": status,
    }


def douyin_line(
    line_id: str,
    order: str,
    account: str | None = "a1",
    *,
    amount: str = "80.00",
    status: str = "已发货",
    paid: str | None = "01-03",
    influencer: str | None = None,
    kind: str = "普通订单",
    traffic_format: str = "直播",
) -> Row:
    return {
        "主订单编号": own(order),
        "子订单编号": own(line_id),
        "选购商品": "cup",
        "商品数量": "1",
        "商品ID": own("55"),
        "订单应付金额": amount,
        "订单提交时间": moment(paid or "01-03"),
        "支付完成时间": moment(paid),
        "订单状态": status,
        "订单类型": kind,
        "达人ID": own(influencer),
        "流量体裁": traffic_format,
        "doudian_open_id": own(account),
    }


def douyin_refund(
    refund_id: str, line_id: str, order: str, amount: str = "20.00", *, status: str = "退款成功", kind: str = "仅退款"
) -> Row:
    return {
        "售后单号": own(refund_id),
        "订单号": own(order),
        "商品单号": own(line_id),
        "售后类型": kind,
        "退商品金额（元）": amount,
        "售后状态": status,
        "售后申请时间": moment("01-04"),
        "商家退款时间": moment("01-05"),
    }


def jd_row(
    order: str,
    product: str = "55",
    account: str = "jd_a1",
    *,
    amount: str = "100.00",
    price: str = "50.00",
    status: str = "等待出库",
    paid: str | None = "01-03",
) -> Row:
    return {
        "订单号": own(order),
        "商品ID": own(product),
        "订购数量": "1",
        "京东价": price,
        "应付金额": amount,
        "订单状态": status,
        "下单帐号": own(account),
        "下单时间": moment(paid or "01-03"),
        "付款确认时间": moment(paid),
    }


def youzan_order(
    order: str, goods: str = "cup(1件)", phone: str = "13900000001", *, amount: str = "30.00", status: str = "待发货"
) -> Row:
    return {
        "订单号": own(order),
        "订单状态": status,
        "全部商品名称": goods,
        "订单实付金额": amount,
        "订单创建时间": moment("01-03"),
        "买家付款时间": moment("01-03"),
        "买家手机号": phone,
    }


def card(number: str, phone: str | None = None, status: str = "正常", into: str | None = None) -> Row:
    """A card of a shop in town; the phone is its last four digits."""
    return {
        "shop_id": "t1",
        "卡号": own(number),
        "手机号": f"139{OWN}{phone}" if phone else "",
        "入会时间": moment("01-02"),
        "会员状态": status,
        "合并至卡号": own(into),
        "更新时间": "",
    }


def douyin_member(account: str, phone: str | None = None, union: str | None = None, joined: str = "01-03") -> Row:
    return {
        "shop_id": "d1",
        "open_id": own(account),
        "union_id": own(union),
        "mobile_plain_or_hash": f"139{OWN}{phone}" if phone else "",
        "point_cent": "0",
        "join_time": moment(joined),
    }


def tmall_member(account: str, grade: str, joined: str | None = None, name: str = "") -> Row:
    return {"shop_id": "t1", "nick": own(account), "grade": grade, "grade_name": name, "join_time": moment(joined)}
