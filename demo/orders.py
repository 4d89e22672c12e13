"""Orders: when each was placed, paid, shipped and completed, of what kind, and through which traffic.

The goods in them are in `lines`; what came back is in `refunds`.
"""

import numpy as np

from demo.catalogue import (
    ALLIANCE,
    CARD,
    INFLUENCER_SAMPLE,
    INFLUENCERS,
    LIVE,
    LOTTERY,
    MALL,
    NORMAL,
    OWN_COUNT,
    OWN_SALE,
    POSTAGE,
    SAMPLE_ORDER,
    TMALL,
    VIDEO,
    WINDOW,
    ZERO_PRICE,
)
from demo.columns import Array, Columns
from demo.timeline import DAY, HOUR, MINUTE, NEVER, Calendar, generator

KINDS = (NORMAL, ZERO_PRICE, SAMPLE_ORDER, LOTTERY, INFLUENCER_SAMPLE, POSTAGE)
KIND_SHARES = (0.942, 0.009, 0.024, 0.009, 0.007, 0.009)
UNPAID_SHARE, KNOWN_ACCOUNT_SHARE, MIDNIGHT_SHARE = 0.06, 0.92, 0.004
FORMAT_SHARES = (0.40, 0.18, 0.22, 0.04, 0.08, 0.08)
# The likeliest channel of each traffic format, and the other one.
FORMAT_CHANNELS = np.array([[0, 0], [1, 3], [2, 3], [3, 4], [0, 2], [4, 3]])
ORDER_ID_BASE = {"douyin": 6_917_000_000_000_000_137, "tmall": 4_100_000_000_000_000_263}


def draw_orders(seed: int, calendar: Calendar, person: Array, shop: Array, moment: Array) -> Columns:
    """One row per order, by shop and time of creation."""
    rng = generator(seed, "orders")
    created, paid = payment(rng, moment, calendar)
    by_shop_and_time = np.lexsort((created, shop))
    person, shop, created, paid = (a[by_shop_and_time] for a in (person, shop, created, paid))
    count, is_tmall = len(person), shop == TMALL.index
    kind = np.where(is_tmall, NORMAL, rng.choice(KINDS, count, p=KIND_SHARES))
    unpaid = (kind == NORMAL) & (rng.random(count) < UNPAID_SHARE)
    paid = np.where(unpaid, NEVER, paid)
    shipped = np.where(unpaid, NEVER, paid + rng.integers(4 * HOUR, 60 * HOUR, count))
    base = np.where(is_tmall, ORDER_ID_BASE["tmall"], ORDER_ID_BASE["douyin"])
    return {
        "shop": shop.astype(np.int8),
        "person": person,
        "order_id": base + np.arange(count) * 104_729,
        "kind": kind.astype(np.int8),
        "created_at": created,
        "paid_at": paid,
        "shipped_at": shipped,
        "completed_at": np.where(unpaid, NEVER, shipped + rng.integers(3 * DAY, 12 * DAY, count)),
        "closed_at": np.where(unpaid, created + np.where(is_tmall, DAY, 30 * MINUTE), NEVER),
        "has_account": is_tmall | (rng.random(count) < KNOWN_ACCOUNT_SHARE),
        "price_share": price_share(rng, calendar.is_promotion(created)),
    } | traffic(generator(seed, "traffic"), is_tmall)


def payment(rng: np.random.Generator, moment: Array, calendar: Calendar) -> tuple[Array, Array]:
    """When orders are created and paid; some are paid in the last second of a day, some in the first."""
    count = len(moment)
    delay = np.where(rng.random(count) < 0.05, rng.integers(300, 1_500, count), rng.integers(5, 300, count))
    edge = rng.choice(count, min(count, max(8, round(count * MIDNIGHT_SHARE))), replace=False)
    midnight = (moment[edge] // DAY + 1) * DAY
    created, paid = moment.copy(), moment + delay
    paid[edge] = midnight - np.arange(len(edge)) % 2
    created[edge] = paid[edge] - rng.integers(10, 600, len(edge))
    return created, paid


def price_share(rng: np.random.Generator, is_promotion: Array) -> Array:
    """What of the list price is paid."""
    ordinary = rng.choice([1.0, 0.95, 0.9, 0.85], len(is_promotion), p=[0.4, 0.25, 0.2, 0.15])
    return np.where(is_promotion, rng.choice([0.68, 0.75, 0.8], len(is_promotion)), ordinary)


def traffic(rng: np.random.Generator, is_tmall: Array) -> Columns:
    """Format, channel, source, advertising, app and author as codes; Tmall exports know none of them (-1)."""
    count = len(is_tmall)
    form = rng.choice(len(FORMAT_SHARES), count, p=FORMAT_SHARES)
    chance, popularity = rng.random(count), 1.0 / np.arange(1, len(INFLUENCERS) - OWN_COUNT + 1)
    guest = OWN_COUNT + rng.choice(len(popularity), count, p=popularity / popularity.sum())
    own_live = (form == LIVE) & (chance < 0.45)
    by_guest = ((form == LIVE) & ~own_live) | (form == WINDOW) | ((form == VIDEO) & (chance < 0.4))
    source = np.where(by_guest, ALLIANCE, np.where((form == CARD) & (chance < 0.5), MALL, OWN_SALE))
    author = np.where(by_guest, guest, np.where(own_live, rng.integers(0, OWN_COUNT, count), -1))
    codes = {
        "format": form,
        "channel": FORMAT_CHANNELS[form, (rng.random(count) < 0.35).astype(int)],
        "source": source,
        "is_ad": np.isin(form, (LIVE, VIDEO)) & (rng.random(count) < 0.3),
        "app": rng.choice(3, count, p=[0.8, 0.17, 0.03]),
        "author": author,
        # The order export names an author only for live and shop-window orders.
        "influencer": np.where(np.isin(form, (LIVE, WINDOW)), author, -1),
    }
    return {name: np.where(is_tmall, -1, values).astype(np.int8) for name, values in codes.items()}
