"""The live sessions of the brand's own accounts, every third evening, some past midnight, and who was on air."""

from datetime import date, timedelta

import numpy as np

from demo import headers
from demo.brand import Brand
from demo.catalogue import DOUYIN_SHOPS, INFLUENCERS, LIVE
from demo.cells import Cell, end_of, when
from demo.columns import looked_up, rows
from demo.formats import csv_bytes, text_column, xlsx_bytes
from demo.timeline import HOUR, seconds

ANCHORS = ("A01", "A02", "A03")  # the brand's codes


def live_export(brand: Brand, day: date, days: int) -> bytes | None:
    """The sessions that began in the last so many days and are over."""
    sessions = [session(brand, account, evening, end_of(day)) for account, evening in lives(brand, day, days)]
    return _workbook(sessions) if sessions else None


def lives(brand: Brand, day: date, days: int) -> list[tuple[int, date]]:
    """(account, evening) of these."""
    first = max(brand.calendar.first_day, day - timedelta(days=days - 1))
    evenings = [first + timedelta(days=i) for i in range((day - first).days + 1)]
    return [
        (account, evening)
        for evening in evenings
        for account in range(len(DOUYIN_SHOPS))
        if (evening.toordinal() + account) % 3 == 0 and hours(evening)[1] < end_of(day)
    ]


def _workbook(sessions: list[dict[str, str]]) -> bytes:
    cells = {name: text_column([row.get(name, "-") for row in sessions]) for name in headers.DOUYIN_LIVE}
    return xlsx_bytes(headers.DOUYIN_LIVE, cells, len(sessions))


def shifts(account: int, evening: date) -> list[tuple[str, int, int]]:
    """(anchor, start, end): after two and a half hours another anchor takes over, on long nights past midnight."""
    start, end = hours(evening)
    handover = start + 5 * HOUR // 2
    first = (evening.toordinal() + account) // 3 % len(ANCHORS)
    return [(ANCHORS[first], start, handover), (ANCHORS[first - 1], handover, end)]


def shift_export(brand: Brand, day: date, days: int) -> bytes | None:
    """The brand's own table of them, in clock times, as the people of the studio write it."""
    shifts_of = [(account, shift) for account, evening in lives(brand, day, days) for shift in shifts(account, evening)]
    if not shifts_of:
        return None
    accounts, told = zip(*shifts_of, strict=True)
    anchors, starts, ends = zip(*told, strict=True)
    start, end = (list(map(str, when(np.array(times)).to_pylist())) for times in (starts, ends))
    columns: dict[str, Cell] = {
        "平台": "douyin",
        "店铺ID": text_column([DOUYIN_SHOPS[account].shop_id for account in accounts]),
        "直播账号": text_column([str(INFLUENCERS[account].uid) for account in accounts]),
        "主播": text_column(list(anchors)),
        "日期": text_column([time[:10] for time in start]),
        "上播时间": text_column([time[11:16] for time in start]),
        "下播时间": text_column([time[11:16] for time in end]),
    }
    return csv_bytes(list(columns), columns, len(accounts))


def hours(evening: date) -> tuple[int, int]:
    """Fridays and Saturdays are long nights."""
    starts = seconds(evening) + (22 if evening.weekday() in (4, 5) else 19) * HOUR
    return starts, starts + 4 * HOUR


def session(brand: Brand, account: int, evening: date, cutoff: int) -> dict[str, str]:
    """What the shop sold through the account while it was live, as it stands at the cut-off."""
    shop, influencer = DOUYIN_SHOPS[account], INFLUENCERS[account]
    start, end = hours(evening)
    orders = brand.orders_between(shop.index, evening, evening + timedelta(days=1))
    lines = rows(brand.lines, brand.lines_of(orders))
    lines |= looked_up(brand.orders, ("created_at", "paid_at", "format", "person"), lines["order"])
    sold = (lines["created_at"] >= start) & (lines["created_at"] < end) & (lines["format"] == LIVE)
    lines = rows(lines, sold & (lines["paid_at"] < cutoff))
    order_count, amount = len(np.unique(lines["order"])), int(lines["paid_amount"].sum())
    closed = lines["closed_at"] < cutoff
    refunded = int(lines["paid_amount"][closed].sum())
    viewers = 800 + 40 * order_count + evening.toordinal() % 7 * 90
    started, ended = map(str, when(np.array([start, end])).to_pylist())
    return {
        "店铺名称": shop.name,
        "店铺ID": f"{shop.shop_id}\t",
        "主播昵称": influencer.name,
        "主播抖音号": influencer.number,
        "直播开始时间": started,
        "直播结束时间": ended,
        "直播时长(分钟)": "240",
        "观看人数": f"{viewers:,}",
        "观看次数": f"{viewers * 3 // 2:,}",
        "观看老粉占比": f"{20 + viewers % 30}.50%",
        "直播间成交订单数": str(order_count),
        "成交金额": f"{amount / 100:,.2f}",
        "用户支付金额": f"{amount / 100:,.2f}",
        "成交件数": str(lines["quantity"].sum()),
        "成交人数": str(len(np.unique(lines["person"]))),
        "退款订单数": str(len(np.unique(lines["order"][closed]))),
        "退款金额": f"{refunded / 100:,.2f}",
        "净成交金额": f"{(amount - refunded) / 100:,.2f}",
        "净成交订单数": str(order_count - len(np.unique(lines["order"][closed]))),
    }
