"""Order lines: which goods, how many, at what price.

Every product occurs once in an order, so order and merchant code together name a line.
"""

import numpy as np

from demo.catalogue import (
    FULL_SIZE,
    GIFT,
    GIFT_ORDER,
    INFLUENCER_SAMPLE,
    LAUNCH_SHARES,
    LOTTERY,
    NEW,
    NORMAL,
    POSTAGE,
    POSTAGE_LINK,
    PRICES,
    PRODUCTS,
    SAMPLE_ORDER,
    SAMPLES,
    TMALL,
    ZERO_PRICE,
)
from demo.columns import Array, Columns, height, rows
from demo.timeline import DAY, Calendar, generator

SHELF = len(PRODUCTS) - 2  # the gift and the postage link are not chosen by anyone
SAMPLE_WEIGHT, NEW_WEIGHT, CONVERSION_SHARE, PARTNER_SHARE, GIFT_SHARE = 0.03, 0.06, 0.3, 0.45, 0.04


def launches(calendar: Calendar) -> Array:
    """The moment each product goes on sale; what is not new has always been there."""
    moments = np.zeros(len(PRODUCTS), np.int64)
    moments[NEW] = [calendar.opens + int(calendar.days * share) * DAY for share in LAUNCH_SHARES]
    return moments


def draw_lines(seed: int, calendar: Calendar, orders: Columns) -> Columns:
    """One row per order line, by order; amounts in fen."""
    rng = generator(seed, "lines")
    order, product, kind = goods(rng, orders, launches(calendar))
    head = rows(orders, order)
    quantity = rng.choice([1, 2, 3], len(order), p=[0.86, 0.11, 0.03])
    quantity = np.where(kind == POSTAGE, rng.integers(1, 13, len(order)), quantity)
    listed = PRICES[product] * quantity
    size = np.bincount(order, minlength=height(orders))
    position = np.arange(len(order)) - (np.cumsum(size) - size)[order]
    alone = (size[order] == 1) & (order % 3 == 0)
    return {
        "order": order,
        "order_line_id": head["order_id"] + np.where(alone, 0, position + 1),
        "product": product.astype(np.int8),
        "kind": kind.astype(np.int8),
        "quantity": quantity,
        "list_amount": listed,
        "paid_amount": paid_amount(rng, listed, product, kind, head["price_share"]),
        "shipped_at": head["shipped_at"],
        "completed_at": head["completed_at"],
        "closed_at": head["closed_at"],
    }


def goods(rng: np.random.Generator, orders: Columns, launched: Array) -> tuple[Array, Array, Array]:
    """(order, product, kind) of every line, in order."""
    kinds, count = orders["kind"], height(orders)
    lead = leads(rng, orders)
    is_normal = kinds == NORMAL
    more = np.repeat(np.arange(count), np.where(is_normal, np.minimum(rng.poisson(0.32, count), 3), 0))
    partner = (lead[more] + 1) % SHELF
    extra = np.where(rng.random(len(more)) < PARTNER_SHARE, partner, popular(rng, len(more)))
    gifted = np.flatnonzero(is_normal & (orders["shop"] != TMALL.index) & (rng.random(count) < GIFT_SHARE))
    order = np.concatenate([np.arange(count), more, gifted])
    product = np.concatenate([lead, extra, np.full(len(gifted), GIFT)])
    kind = np.concatenate([kinds, kinds[more], np.full(len(gifted), GIFT_ORDER)])
    too_early = orders["created_at"][order] < launched[product]
    product = np.where(too_early, product % 7, product)
    _, kept = np.unique(order * len(PRODUCTS) + product, return_index=True)
    return order[kept], product[kept], kind[kept]


def popular(rng: np.random.Generator, count: int) -> Array:
    """Goods as people choose them: few sell a lot, and samples are well liked."""
    weights = 1.0 / (np.arange(SHELF) * 17 % SHELF + 4)
    weights /= weights.sum()
    weights[SAMPLES], weights[NEW] = SAMPLE_WEIGHT, NEW_WEIGHT
    return rng.choice(SHELF, count, p=weights / weights.sum())


def leads(rng: np.random.Generator, orders: Columns) -> Array:
    """The first product of each order; who tried a sample often takes the full size next."""
    kinds, count = orders["kind"], height(orders)
    lead = np.where(kinds == SAMPLE_ORDER, rng.choice(SAMPLES, count), popular(rng, count))
    lead = np.where(kinds == POSTAGE, POSTAGE_LINK, lead)
    history = np.lexsort((orders["created_at"], orders["person"]))
    before, after = history[:-1], history[1:]
    person = orders["person"]
    converts = (person[before] == person[after]) & np.isin(lead[before], SAMPLES) & (kinds[after] == NORMAL)
    converts &= rng.random(len(before)) < CONVERSION_SHARE
    converted = lead.copy()
    converted[after[converts]] = FULL_SIZE[lead[before[converts]]]
    return converted


def paid_amount(rng: np.random.Generator, listed: Array, product: Array, kind: Array, share: Array) -> Array:
    """Samples cost one yuan or nothing, prizes and gifts nothing, all else the list price less a discount."""
    paid = np.floor(listed * share + 1e-6).astype(np.int64)
    paid = np.where(np.isin(product, SAMPLES), np.where(rng.random(len(listed)) < 0.7, 100, 0), paid)
    paid = np.where(kind == POSTAGE, listed, paid)
    paid = np.where(kind == INFLUENCER_SAMPLE, listed // 2, paid)
    return np.where(np.isin(kind, (ZERO_PRICE, LOTTERY, GIFT_ORDER)), 0, paid)
