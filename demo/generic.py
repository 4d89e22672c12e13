"""The brand's own lists, in the generic formats: goods, influencers, campaigns, consents and messages sent."""

from datetime import date

import numpy as np

from demo import campaigns, small_exports
from demo.brand import Brand
from demo.catalogue import FULL_SIZE, INFLUENCERS, PRODUCTS, SHOPS, TMALL
from demo.cells import Cell, account_id, choose, day_text, digits, end_of, joined, pick, when
from demo.columns import height, rows
from demo.formats import csv_bytes, text_column
from demo.lines import launches
from demo.timeline import DAY, NEVER
from demo.wecom import contacts_as_of, external_id

OLD_LAUNCH = "2024-03-01"
PLATFORMS = tuple(shop.platform for shop in SHOPS)
SHOP_IDS = tuple(shop.shop_id for shop in SHOPS)


def rows_bytes(rows: list[dict[str, str]]) -> bytes:
    header = list(rows[0])
    return csv_bytes(header, {name: text_column([row[name] for row in rows]) for name in header}, len(rows))


def product_list(brand: Brand, day: date) -> bytes:
    """Everything launched by the end of the day, under every id it is sold by."""
    launched = launches(brand.calendar)
    rows = [
        {
            "platform": platform,
            "shop_id": shop_id,
            "product_id": ids[i],
            "product_name": product.name,
            "category": product.category,
            "product_role": product.role,
            "full_size_product_id": ids[FULL_SIZE[i]] if product.full_size else "",
            "launched_at": day_text(launched[[i]])[0].as_py() if launched[i] else OLD_LAUNCH,
        }
        for platform, shop_id, ids in [*campaigns.listings(), *small_exports.listings()]
        for i, product in enumerate(PRODUCTS)
        if ids[i] and launched[i] < end_of(day)
    ]
    return rows_bytes(rows)


def is_product_day(brand: Brand, day: date) -> bool:
    return day == brand.calendar.first_day or bool(np.isin(end_of(day) - DAY, launches(brand.calendar)))


def influencer_list(brand: Brand, day: date) -> bytes:
    renamed = end_of(day) > brand.calendar.opens + brand.calendar.days // 2 * DAY
    rows = [
        {
            "platform": "douyin",
            "influencer_id": str(influencer.uid),
            "influencer_name": (renamed and influencer.renamed) or influencer.name,
            "is_own_account": "true" if influencer.is_own else "false",
            "follower_count": str(influencer.followers),
            "category": influencer.category,
        }
        for influencer in INFLUENCERS
    ]
    return rows_bytes(rows)


def campaign_list(brand: Brand, day: date) -> bytes:
    return rows_bytes(campaigns.plan(brand, day))


def consent_list(brand: Brand, day: date, changed_since: int) -> bytes | None:
    """Consents given or taken back since the list before."""
    cutoff = end_of(day)
    granted, withdrawn = brand.consents["granted_at"], brand.consents["withdrawn_at"]
    changed = (granted < cutoff) & ((granted >= changed_since) | ((withdrawn >= changed_since) & (withdrawn < cutoff)))
    consents = rows(brand.consents, changed)
    if height(consents) == 0:
        return None
    shop, withdrawn_at = consents["shop"], consents["withdrawn_at"]
    columns: dict[str, Cell] = {
        "platform": pick(PLATFORMS, shop),
        "shop_id": pick(SHOP_IDS, shop),
        "account_id": account_id(consents["person"], shop),
        "purpose": "marketing_message",
        "channel": choose(shop == TMALL.index, "tmall_sms", campaigns.SMS),
        "granted_at": when(consents["granted_at"]),
        "withdrawn_at": when(np.where(withdrawn_at < cutoff, withdrawn_at, NEVER), ""),
    }
    return csv_bytes(list(columns), columns, height(consents))


def guide_consent_list(brand: Brand, day: date, changed_since: int) -> bytes | None:
    """Who adds a guide on WeCom agrees to the guide's messages."""
    contacts = contacts_as_of(brand, end_of(day))
    contacts = rows(contacts, contacts["added_at"] >= changed_since)
    if height(contacts) == 0:
        return None
    columns: dict[str, Cell] = {
        "platform": "wecom",
        "account_id": external_id(contacts["person"]),
        "purpose": "marketing_message",
        "channel": "guide",
        "granted_at": when(contacts["added_at"]),
        "withdrawn_at": "",
    }
    return csv_bytes(list(columns), columns, height(contacts))


def touch_list(brand: Brand, day: date) -> bytes | None:
    """Messages sent on the day or the day before: receipts arrive on the next day only."""
    cutoff = end_of(day)
    sent_at = brand.touches["sent_at"]
    touches = rows(brand.touches, (sent_at >= cutoff - 2 * DAY) & (sent_at < cutoff))
    if height(touches) == 0:
        return None
    shop, sent = touches["shop"], touches["sent_at"]
    delivered = np.where(touches["delivered_at"] < cutoff, touches["delivered_at"], NEVER)
    failed = (delivered >= NEVER) & (sent < cutoff - DAY)
    sent_on = day_text(sent)
    columns: dict[str, Cell] = {
        "touch_id": joined("T", sent_on, digits(touches["number"]), separator="-"),
        "campaign_id": campaigns.campaign_id(brand, "WELCOME"),
        "wave": sent_on,
        "arm": "treatment",
        "channel": campaigns.SMS,
        "platform": pick(PLATFORMS, shop),
        "shop_id": pick(SHOP_IDS, shop),
        "account_id": account_id(touches["person"], shop),
        "sent_at": when(sent),
        "delivered_at": when(delivered, ""),
        "touch_status": choose(delivered < NEVER, "delivered", choose(failed, "failed", "sent")),
        "segment_count": "1",
        "unit_cost": "0.034",
    }
    return csv_bytes(list(columns), columns, height(touches))
