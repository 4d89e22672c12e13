"""What is delivered when: the brand's download routine, day by day, and its writing into an inbox.

A delivery of day D holds the business up to the end of D. Whatever changes after a row was first exported
is exported again by the last day, so the newest version of every row is the truth of that day.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from demo import (
    campaigns,
    douyin_accounts,
    douyin_finance,
    douyin_live,
    douyin_orders,
    douyin_services,
    generic,
    messages,
    small_exports,
    stores,
    summaries,
    tmall,
    tmall_lists,
    wecom,
)
from demo.brand import Brand
from demo.catalogue import DOUYIN_SHOPS, JD, TMALL, YOUZAN
from demo.cells import end_of
from demo.formats import place

MONDAY, SUNDAY = 0, 6
LONG_WINDOW, MONTH_WINDOW, CHANGE_WINDOW = 60, 35, 14
Delivery = tuple[str, bytes | None]  # path inside the inbox, content (None: nothing to deliver)


def write(brand: Brand, inbox: Path, progress: Callable[[date], None] | None = None) -> int:
    """Writes every delivery and gives their number; files that are already there are left alone."""
    count = 0
    for day in brand.calendar:
        for path, content in deliveries(brand, day):
            if content is not None:
                place(inbox / path, content)
                count += 1
        if progress:
            progress(day)
    return count


def deliveries(brand: Brand, day: date) -> Iterator[Delivery]:
    yield from douyin_deliveries(brand, day)
    if is_monthly(brand, day):
        yield from douyin_bills(brand, day)
        yield from douyin_accounts_deliveries(brand, day)
        yield from wecom_deliveries(brand, day)
        yield from small_deliveries(brand, day)
    yield from tmall_deliveries(brand, day)
    yield from store_deliveries(brand, day)
    yield from message_deliveries(brand, day)
    yield from generic_deliveries(brand, day)
    if is_weekly(brand, day):
        yield from summary_deliveries(brand, day)


def is_last(brand: Brand, day: date) -> bool:
    return day == brand.calendar.last_day


def is_long(brand: Brand, day: date) -> bool:
    return day.weekday() == MONDAY or is_last(brand, day)


def is_weekly(brand: Brand, day: date) -> bool:
    return day.weekday() == SUNDAY or is_last(brand, day)


def is_monthly(brand: Brand, day: date) -> bool:
    return day.day == 1 or is_last(brand, day)


def is_people_day(brand: Brand, day: date) -> bool:
    """People's lists come weekly, and daily in the last two months, when the campaigns need them."""
    return is_weekly(brand, day) or (brand.calendar.last_day - day).days < LONG_WINDOW


def people_changed_since(brand: Brand, day: date) -> int:
    """The end of the people's day before; the first list holds everyone."""
    before = day - timedelta(days=1)
    while before >= brand.calendar.first_day and not is_people_day(brand, before):
        before -= timedelta(days=1)
    return end_of(before) if before >= brand.calendar.first_day else 0


def douyin_deliveries(brand: Brand, day: date) -> Iterator[Delivery]:
    for shop in DOUYIN_SHOPS:
        days = LONG_WINDOW if is_long(brand, day) else 2
        orders = douyin_orders.order_export(brand, shop, day, days)
        yield f"douyin/orders/{day}/{shop.shop_id}/订单导出_{day:%Y%m%d}.csv", orders
        if is_weekly(brand, day):
            aftersales = douyin_services.aftersale_export(brand, shop, day, CHANGE_WINDOW)
            yield f"douyin/aftersales/{day}/{shop.shop_id}/售后单导出_{day:%Y%m%d}.csv", aftersales
    if is_weekly(brand, day):
        alliance = douyin_services.alliance_export(brand, day, CHANGE_WINDOW)
        yield f"douyin/alliance/{day}/精选联盟订单_{day:%Y%m%d}.csv", alliance
    if is_people_day(brand, day):
        members = douyin_services.member_export(brand, day, people_changed_since(brand, day))
        yield f"douyin/members/{day}/members_{day:%Y%m%d}.csv", members


def douyin_bills(brand: Brand, day: date) -> Iterator[Delivery]:
    for shop in DOUYIN_SHOPS:
        settlements = douyin_finance.settlement_export(brand, shop, day, MONTH_WINDOW)
        yield f"douyin/settlements/{day}/{shop.shop_id}/结算账单_{day:%Y%m%d}.csv", settlements
        fund_bill = douyin_finance.fund_export(brand, shop, day, MONTH_WINDOW)
        yield f"douyin/fund_bill/{day}/{shop.shop_id}/动账明细_{day:%Y%m%d}.csv", fund_bill
    live = douyin_live.live_export(brand, day, MONTH_WINDOW)
    yield f"douyin/live_sessions/{day}/直播明细_{day:%Y%m%d}.xlsx", live
    shifts = douyin_live.shift_export(brand, day, MONTH_WINDOW)
    yield f"generic/anchor_shifts/{day}/主播班次_{day:%Y%m%d}.csv", shifts


def douyin_accounts_deliveries(brand: Brand, day: date) -> Iterator[Delivery]:
    for shop in DOUYIN_SHOPS:
        buyers = douyin_accounts.order_account_list(brand, shop, day, MONTH_WINDOW)
        yield f"douyin/order_accounts/{day}/{shop.shop_id}/order_accounts_{day:%Y%m%d}.csv", buyers
    replacements = douyin_accounts.replacement_list(brand, day)
    yield f"douyin/account_replacements/{day}/replacements_{day:%Y%m%d}.csv", replacements
    yield f"douyin/union_ids/{day}/union_ids_{day:%Y%m%d}.csv", douyin_accounts.union_id_list(brand, day)


def wecom_deliveries(brand: Brand, day: date) -> Iterator[Delivery]:
    yield f"wecom/customers/{day}/customers_{day:%Y%m%d}.csv", wecom.customer_list(brand, day)
    yield f"wecom/contacts/{day}/客户列表_{day:%Y%m%d}.xlsx", wecom.contact_export(brand, day)
    yield f"wecom/customer_events/{day}/events_{day:%Y%m%d}.csv", wecom.event_list(brand, day, MONTH_WINDOW)
    yield f"wecom/group_members/{day}/groups_{day:%Y%m%d}.csv", wecom.group_list(brand, day)


def tmall_deliveries(brand: Brand, day: date) -> Iterator[Delivery]:
    yield from classic_deliveries(brand, day)
    if is_long(brand, day):
        newest = tmall_lists.newest_list(brand, day, LONG_WINDOW)
        yield f"tmall/orders/{day}/{TMALL.shop_id}/订单列表_{day:%Y%m%d}.xlsx", newest
    if day >= brand.items_from:
        items = tmall.item_export(brand, day, LONG_WINDOW if is_long(brand, day) else 2)
        yield f"tmall/items/{day}/{TMALL.shop_id}/商品明细_{day:%Y%m%d}.xlsx", items
    if is_weekly(brand, day):
        refunds = tmall.refund_export(brand, day, CHANGE_WINDOW)
        yield f"tmall/refunds/{day}/退款管理_{day:%Y%m%d}.csv", refunds


def classic_deliveries(brand: Brand, day: date) -> Iterator[Delivery]:
    """Every second day the last three days, on Mondays the last sixty; old orders until nothing can change."""
    is_second_day = day <= brand.classic_until and (day - brand.calendar.first_day).days % 2 == 0
    if not (is_long(brand, day) or is_second_day):
        return
    first = day - timedelta(days=(LONG_WINDOW if is_long(brand, day) else 3) - 1)
    last = min(day, brand.classic_until)
    for name, listed in tmall_lists.classic_lists(brand, first, last, day):
        yield f"tmall/orders/{day}/{name}", listed
    details = tmall.detail_export(brand, first, last, day)
    yield f"tmall/order_details/{day}/ExportOrderDetailList{day:%Y%m%d}.csv", details


def summary_deliveries(brand: Brand, day: date) -> Iterator[Delivery]:
    """What the platforms themselves say of the last two weeks."""
    for shop in DOUYIN_SHOPS:
        summed = summaries.douyin_export(brand, shop, day, CHANGE_WINDOW)
        yield f"douyin/shop_summaries/{day}/{shop.shop_id}/店铺日汇总_{day:%Y%m%d}.csv", summed
    summed = summaries.tmall_export(brand, day, CHANGE_WINDOW)
    yield f"tmall/shop_summaries/{day}/{TMALL.shop_id}/生意参谋_{day:%Y%m%d}.xlsx", summed


def store_deliveries(brand: Brand, day: date) -> Iterator[Delivery]:
    if is_monthly(brand, day):
        yield f"pos/members/{day}/会员资料_{day:%Y%m%d}.csv", stores.card_export(brand, day)
        yield f"tmall/members/{day}/{TMALL.shop_id}/members_{day:%Y%m%d}.csv", stores.tmall_member_export(brand, day)
        told = stores.recognised_export(brand, day)
        yield f"tmall/recognised_members/{day}/{TMALL.shop_id}/上翻会员_{day:%Y%m%d}.csv", told


def message_deliveries(brand: Brand, day: date) -> Iterator[Delivery]:
    yield f"sms/aliyun_logs/{day}/短信发送记录_{day:%Y%m%d}.csv", messages.aliyun_log(brand, day)
    yield f"sms/yunpian_logs/{day}/云片短信记录_{day:%Y%m%d}.csv", messages.yunpian_log(brand, day)
    for shop_id, sender in messages.DOUYIN.items():
        log = messages.douyin_log(brand, sender, day)
        yield f"sms/douyin_logs/{day}/{shop_id}/短信记录_{day:%Y%m%d}.csv", log


def small_deliveries(brand: Brand, day: date) -> Iterator[Delivery]:
    """Within the window every order has come to its end."""
    orders = small_exports.jd_export(brand, day, LONG_WINDOW)
    yield f"jd/orders/{day}/{JD.shop_id}/订单列表_{day:%Y%m%d}.csv", orders
    orders = small_exports.youzan_export(brand, day, LONG_WINDOW)
    yield f"youzan/orders/{day}/{YOUZAN.shop_id}/订单导出_{day:%Y%m%d}.csv", orders


def generic_deliveries(brand: Brand, day: date) -> Iterator[Delivery]:
    if generic.is_product_day(brand, day):
        yield f"generic/products/{day}/products.csv", generic.product_list(brand, day)
    if day.day == 1 or day == brand.calendar.first_day:
        yield f"generic/influencers/{day}/influencers.csv", generic.influencer_list(brand, day)
    if campaigns.is_plan_day(brand, day):
        yield f"generic/campaigns/{day}/campaigns.csv", generic.campaign_list(brand, day)
    if is_people_day(brand, day):
        consents = generic.consent_list(brand, day, people_changed_since(brand, day))
        yield f"generic/consents/{day}/consents.csv", consents
        guided = generic.guide_consent_list(brand, day, people_changed_since(brand, day))
        yield f"generic/consents/{day}/guides.csv", guided
    yield f"generic/touches/{day}/touches.csv", generic.touch_list(brand, day)
