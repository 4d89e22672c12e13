"""Rows as exports hold them, with what a test does not care about filled in.

Belongs here: one function per dataset. Does not: files and steps (`histories.py`).
Days are written `month-day`, of one made-up year; `~` stands for the number of the history.
"""

from datetime import date

from tests.properties.histories import OWN, Row

YEAR = 2026


def day(text: str) -> date:
    """`03-31`, or `2025-12-31`."""
    return date.fromisoformat(text if len(text) == 10 else f"{YEAR}-{text}")


def moment(text: str | None) -> str:
    """`03-31 10:00` as an export writes it; none is an empty cell."""
    if text is None:
        return ""
    on, _, clock = text.partition(" ")
    return f"{day(on)} {clock or '12:00'}:00"


def own(text: str | None) -> str:
    return f"{OWN}{text}" if text else ""


def line(
    line_id: str,
    order: str = "o1",
    account: str | None = "a1",
    *,
    shop: str = "s1",
    product: str = "p1",
    paid: str | None = "01-03",
    amount: str = "100.00",
    status: str = "paid",
    created: str | None = None,
    updated: str | None = None,
    kind: str = "",
    influencer: str | None = None,
    quantity: str = "1",
) -> Row:
    return {
        "shop_id": shop,
        "order_id": own(order),
        "order_line_id": own(line_id),
        "account_id": own(account),
        "product_id": own(product),
        "quantity": quantity,
        "paid_amount": amount,
        "order_status": status,
        "order_kind": kind,
        "created_at": moment(created or paid or "01-03"),
        "paid_at": moment(paid),
        "influencer_id": own(influencer),
        "updated_at": moment(updated),
    }


def refund(
    refund_id: str,
    line_id: str,
    amount: str = "30.00",
    *,
    shop: str = "s1",
    status: str = "succeeded",
    kind: str = "",
    applied: str | None = "01-04",
    refunded: str | None = "01-05",
    updated: str | None = None,
) -> Row:
    return {
        "shop_id": shop,
        "refund_id": own(refund_id),
        "order_line_id": own(line_id),
        "refund_amount": amount,
        "refund_status": status,
        "refund_type": kind,
        "applied_at": moment(applied),
        "refunded_at": moment(refunded),
        "updated_at": moment(updated),
    }


def member(
    account: str,
    joined: str = "01-02",
    left: str | None = None,
    *,
    shop: str = "s1",
    level: str = "gold",
    points: str = "0",
    channel: str = "",
    updated: str | None = None,
) -> Row:
    return {
        "shop_id": shop,
        "account_id": own(account),
        "member_level": level,
        "points": points,
        "joined_at": moment(joined),
        "join_channel": channel,
        "left_at": moment(left),
        "updated_at": moment(updated),
    }


def consent(
    account: str,
    granted: str | None = "01-01",
    withdrawn: str | None = None,
    *,
    platform: str = "",
    shop: str = "s1",
    channel: str = "",
    purpose: str = "marketing_message",
) -> Row:
    return {
        "platform": platform,
        "shop_id": shop,
        "account_id": own(account),
        "purpose": purpose,
        "channel": channel,
        "granted_at": moment(granted),
        "withdrawn_at": moment(withdrawn),
    }


def touch(touch_id: str, account: str = "a1", sent: str = "01-04", *, shop: str = "s1", status: str = "sent") -> Row:
    return {
        "shop_id": shop,
        "touch_id": own(touch_id),
        "campaign_id": own("c1"),
        "account_id": own(account),
        "sent_at": moment(sent),
        "touch_status": status,
    }


def product(
    product_id: str, role: str = "regular", full_size: str | None = None, *, platform: str = "", name: str = ""
) -> Row:
    return {
        "platform": platform,
        "product_id": own(product_id),
        "product_name": name,
        "product_role": role,
        "full_size_product_id": own(full_size),
    }


def influencer(influencer_id: str, name: str = "", is_own: str = "", *, platform: str = "") -> Row:
    return {
        "platform": platform,
        "influencer_id": own(influencer_id),
        "influencer_name": name,
        "is_own_account": is_own,
    }


def campaign(
    campaign_id: str = "c1",
    template: str = "new_members_without_purchase",
    start: str = "01-01",
    end: str = "12-31",
    *,
    priority: str = "",
    channel: str = "",
    holdout: str = "0",
    max_days: str = "",
    products: str = "",
) -> Row:
    return {
        "campaign_id": own(campaign_id),
        "template": template,
        "start_date": str(day(start)),
        "end_date": str(day(end)),
        "priority": priority,
        "channel": channel,
        "holdout_ratio": holdout,
        "max_days": max_days,
        "product_ids": products,
    }


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
