"""Rows as the generic exports hold them, with what a test does not care about filled in.

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
    shipped: str | None = None,
    ended: str | None = None,
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
        "shipped_at": moment(shipped),
        "completed_at": moment(ended),
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
    birthday: str = "",
) -> Row:
    return {
        "shop_id": shop,
        "account_id": own(account),
        "birthday": birthday,
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


def identifier(
    account: str,
    value: str = "u1",
    kind: str = "union_id",
    since: str | None = None,
    until: str | None = None,
    *,
    shop: str = "s1",
    platform: str = "",
) -> Row:
    return {
        "platform": platform,
        "shop_id": shop,
        "account_id": own(account),
        "id_type": kind,
        "id_value": f"138{OWN}{value}" if kind == "phone" else own(value),
        "valid_from": moment(since),
        "valid_to": moment(until),
    }


def points(
    entry: str, account: str, delta: str, on: str = "01-04", *, reason: str = "order", order: str | None = None
) -> Row:
    return {
        "shop_id": "s1",
        "entry_id": own(entry),
        "account_id": own(account),
        "points_delta": delta,
        "reason": reason,
        "order_id": own(order),
        "occurred_at": moment(on),
    }


def event(account: str, kind: str, on: str = "01-04", *, about: str = "p1", shop: str = "s1") -> Row:
    return {
        "shop_id": shop,
        "account_id": own(account),
        "event_type": kind,
        "occurred_at": moment(on),
        "object_id": own(about),
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
    product_id: str,
    role: str = "regular",
    full_size: str | None = None,
    *,
    platform: str = "",
    name: str = "",
    category: str = "",
) -> Row:
    return {
        "platform": platform,
        "product_id": own(product_id),
        "product_name": name,
        "category": own(category),
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
    **parameters: str,
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
        **parameters,
    }
