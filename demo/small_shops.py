"""Two small shops, on JD and Youzan, that sell a few of the brand's goods to people who mostly know the brand already.

What they sell and how far it has come; their exports are in `small_exports`. No export says what they pay back: an
order that is called off, or on Youzan paid back weeks later, is closed, and counts as never paid. JD sends some orders
in parts: it deletes the order and writes each of its goods as an order of its own.
"""

from datetime import date

import numpy as np

from demo.catalogue import JD, NORMAL, PRICES, YOUZAN, Shop
from demo.cells import end_of
from demo.columns import Array, Columns, height, rows, stacked
from demo.timeline import DAY, HOUR, MINUTE, NEVER, Calendar, generator, seconds

# Neither samples nor what they stand for nor anything new: campaigns are of the larger shops.
GOODS = np.array([0, 1, 2, 5, 6, 8, 9, 11, 14, 16])
ORDERS_A_YEAR = {JD.index: 500, YOUZAN.index: 300}  # at scale 1
FEWEST_ORDERS, CALLED_OFF_SHARE, UNPAID_SHARE = 12, 0.08, 0.08
PAID_BACK_EVERY, SPLIT_AMONG = 8, 3
ORDER_ID_BASE = {JD.index: 268_000_000_017, YOUZAN.index: 20_260_000_000_000_031}


def draw_small_lines(seed: int, scale: float, calendar: Calendar, people: int) -> Columns:
    """One row per order line, by shop and time of its order; amounts in fen."""
    drawn = [
        small_orders(generator(seed, f"small shop {shop}"), shop, round(yearly * scale * calendar.days / 365), calendar)
        for shop, yearly in ORDERS_A_YEAR.items()
    ]
    orders = {name: np.concatenate([each[name] for each in drawn]) for name in drawn[0]}
    rng = generator(seed, "small lines")
    count = len(orders["order_id"])
    size = rng.choice([1, 2, 3], count, p=[0.6, 0.3, 0.1])
    order = np.repeat(np.arange(count), size)
    position = np.arange(len(order)) - np.repeat(np.cumsum(size) - size, size)
    product = GOODS[(np.repeat(rng.integers(0, len(GOODS), count), size) + position * 3) % len(GOODS)]
    quantity = rng.choice([1, 2, 3], len(order), p=[0.8, 0.15, 0.05])
    percent = np.repeat(rng.choice([100, 95, 90], count), size)
    lines = rows(orders | {"person": rng.integers(0, people, count), "order": np.arange(count)}, order)
    return with_parts(
        lines
        | {
            "product": product,
            "kind": np.full(len(order), NORMAL),
            "quantity": quantity,
            "list_amount": PRICES[product] * quantity,
            "paid_amount": PRICES[product] * quantity * percent // 100,
            "refunded_amount": np.zeros(len(order), np.int64),
            "known_at": lines["created_at"],
            "split_from": np.zeros(len(order), np.int64),
        }
    )


def with_parts(lines: Columns) -> Columns:
    """The lines, of which JD deletes some orders soon after they were paid, and below them those of their parts."""
    is_of_several = np.bincount(lines["order"])[lines["order"]] > 1
    is_split = is_of_several & (lines["shop"] == JD.index) & (lines["shipped_at"] < NEVER)
    is_split &= lines["order"] % SPLIT_AMONG == 1
    split_at = lines["paid_at"] + 20 * MINUTE
    parts = rows(lines | {"known_at": split_at, "split_from": lines["order_id"]}, is_split)
    number = np.arange(height(parts))
    parts |= {"order": lines["order"][-1] + 1 + number, "order_id": parts["order_id"] + 1 + number % 7_000}
    deleted = {name: np.where(is_split, NEVER, lines[name]) for name in ("shipped_at", "completed_at")}
    closed = {"closed_at": np.where(is_split, split_at, lines["closed_at"])}
    return stacked([lines | deleted | closed, parts])


def small_orders(rng: np.random.Generator, shop: int, count: int, calendar: Calendar) -> Columns:
    """Most are paid, sent and received; some never paid, some called off in a day, some of Youzan paid back late."""
    count = max(count, FEWEST_ORDERS)
    created = calendar.moment_of(np.sort(rng.uniform(0, calendar.days, count)))
    fate = rng.random(count)
    is_unpaid, is_called_off = fate < UNPAID_SHARE, fate >= 1 - CALLED_OFF_SHARE
    paid = np.where(is_unpaid, NEVER, created + rng.integers(5, 900, count))
    closed = np.where(is_unpaid, created + DAY, paid + rng.integers(HOUR, 20 * HOUR, count))
    is_sent = ~is_unpaid & ~is_called_off
    sent = created + rng.integers(4 * HOUR, 60 * HOUR, count)
    completed = sent + rng.integers(3 * DAY, 12 * DAY, count)
    is_paid_back = is_sent & (shop == YOUZAN.index) & (np.cumsum(is_sent) % PAID_BACK_EVERY == 3)
    ended = np.where(is_paid_back, completed + (2 + np.arange(count) % 9) * DAY, np.where(is_sent, NEVER, closed))
    return {
        "shop": np.full(count, shop),
        "order_id": ORDER_ID_BASE[shop] + np.arange(count) * 7_919,
        "created_at": created,
        "paid_at": paid,
        "shipped_at": np.where(is_sent, sent, NEVER),
        "completed_at": np.where(is_sent, completed, NEVER),
        "closed_at": ended,
    }


def created_between(lines: Columns, shop: Shop, first: date, last: date) -> Array:
    """Which of the lines are of the shop's orders of the days from first to last, both included, and known by then."""
    return (lines["shop"] == shop.index) & (lines["created_at"] >= seconds(first)) & (lines["known_at"] < end_of(last))
