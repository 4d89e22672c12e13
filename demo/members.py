"""The membership of the Douyin shops, consents to messages, and a few messages sent.

One row of `memberships` is one stay, so who left and came back has two; the platform's export shows the latest only.
"""

from datetime import date, timedelta

import numpy as np

from demo.catalogue import TMALL
from demo.columns import Array, Columns, height, rows, stacked
from demo.customers import Customers
from demo.timeline import DAY, HOUR, MINUTE, NEVER, Calendar, generator, seconds

MEMBER_SHARE, LEAVE_SHARE, RETURN_SHARE, REVIEW_SHARE, UNION_PERCENT = 0.55, 0.06, 0.25, 0.5, 60
CONSENT_SHARE, WITHDRAW_SHARE = 0.9, 0.03
TOUCH_DAYS, TOUCHES_PER_DAY = (20, 9, 4), 40  # days before the last one


def first_moments(shop: Array, person: Array, moment: Array) -> Columns:
    """The first moment of each person in each shop, by shop and person."""
    table = {"shop": shop, "person": person, "moment": moment}
    table = rows(table, np.lexsort((moment, person, shop)))
    return rows(table, starts_group(table))


def starts_group(table: Columns) -> Array:
    """Whether the row is the first of its shop and person, in a table ordered by them."""
    is_first = np.ones(height(table), bool)
    is_first[1:] = (table["shop"][1:] != table["shop"][:-1]) | (table["person"][1:] != table["person"][:-1])
    return is_first


def draw_memberships(seed: int, calendar: Calendar, customers: Customers, orders: Columns) -> Columns:
    """One row per stay, by shop, person and time."""
    rng = generator(seed, "members")
    bought = rows(orders, orders["shop"] != TMALL.index)
    buyers = first_moments(bought["shop"], bought["person"], bought["created_at"])
    buyers = rows(buyers, rng.random(height(buyers)) < MEMBER_SHARE)
    prospects = np.arange(customers.buyers, len(customers.home_shop))
    walked_in = calendar.moment_of(rng.uniform(0, calendar.days, len(prospects)))
    first = stays(
        rng,
        np.concatenate([buyers["shop"], customers.home_shop[prospects] % 2]),
        np.concatenate([buyers["person"], prospects]),
        np.concatenate([buyers["moment"] + join_delay(rng, height(buyers)), walked_in]),
    )
    back = rows(first, (first["left_at"] < NEVER) & (rng.random(height(first)) < RETURN_SHARE))
    rejoined = back["left_at"] + HOUR + rng.exponential(20 * DAY, height(back)).astype(np.int64)
    second = stays(rng, back["shop"], back["person"], rejoined)
    second["left_at"] = np.full(height(second), NEVER)
    every = stacked([first, second])
    return rows(every, np.lexsort((every["joined_at"], every["person"], every["shop"])))


def join_delay(rng: np.random.Generator, count: int) -> Array:
    """People join before their first order, in the purchase flow, or later."""
    chance = rng.random(count)
    before = -HOUR - rng.exponential(12 * DAY, count)
    later = HOUR + rng.exponential(30 * DAY, count)
    return np.where(chance < 0.3, before, np.where(chance < 0.75, rng.integers(1, 900, count), later)).astype(np.int64)


def stays(rng: np.random.Generator, shop: Array, person: Array, joined: Array) -> Columns:
    count = len(person)

    def sometimes(share: float, mean_days: int) -> Array:
        later = joined + DAY + rng.exponential(mean_days * DAY, count).astype(np.int64)
        return np.where(rng.random(count) < share, later, NEVER)

    left, reviewed = sometimes(LEAVE_SHARE, 60), sometimes(REVIEW_SHARE, 45)
    return {
        "shop": shop.astype(np.int64),
        "person": person,
        "joined_at": joined,
        "left_at": left,
        "reviewed_at": np.where(reviewed < left, reviewed, NEVER),
        "level_after_review": rng.choice(4, count, p=[0.3, 0.4, 0.2, 0.1]),
        "points": rng.integers(0, 40, count) * 1_000,
        "points_after_review": rng.integers(-20, 600, count) * 1_000 + rng.integers(0, 100, count),
        "channel": rng.choice(6, count, p=[0.3, 0.1, 0.15, 0.3, 0.1, 0.05]),
        "has_union": person % 100 < UNION_PERCENT,
    }


def members_as_of(memberships: Columns, cutoff: int) -> Columns:
    """The latest stay of every member of the time, as the platform shows it; what is yet to come is NEVER."""
    known = rows(memberships, memberships["joined_at"] < cutoff)
    known = rows(known, np.append(starts_group(known)[1:], True)[: height(known)])
    left, reviewed = (np.where(known[name] < cutoff, known[name], NEVER) for name in ("left_at", "reviewed_at"))
    is_reviewed = reviewed < NEVER
    happened = [np.where(moments < NEVER, moments, 0) for moments in (left, reviewed)]
    return known | {
        "left_at": left,
        "level": np.where(is_reviewed, known["level_after_review"], 0),
        "point_cent": np.where(is_reviewed, known["points_after_review"], known["points"]),
        "updated_at": np.maximum.reduce([known["joined_at"], *happened]),
    }


def draw_consents(seed: int, orders: Columns, memberships: Columns) -> Columns:
    """Most people agree to messages on first contact with a shop; few take it back."""
    rng = generator(seed, "consents")
    contacts = first_moments(
        np.concatenate([orders["shop"], memberships["shop"]]),
        np.concatenate([orders["person"], memberships["person"]]),
        np.concatenate([orders["created_at"], memberships["joined_at"]]),
    )
    contacts = rows(contacts, rng.random(height(contacts)) < CONSENT_SHARE)
    granted, count = contacts["moment"] + MINUTE, height(contacts)
    later = granted + DAY + rng.exponential(60 * DAY, count).astype(np.int64)
    return {
        "shop": contacts["shop"],
        "person": contacts["person"],
        "granted_at": granted,
        "withdrawn_at": np.where(rng.random(count) < WITHDRAW_SHARE, later, NEVER),
    }


def draw_touches(seed: int, calendar: Calendar, orders: Columns, memberships: Columns) -> Columns:
    """Welcome messages to people who joined in the week before and had bought nothing."""
    rng = generator(seed, "touches")
    waves = [max(calendar.last_day - timedelta(days=days), calendar.first_day) for days in TOUCH_DAYS]
    return stacked(wave(rng, day, orders, memberships) for day in sorted(set(waves)))


def wave(rng: np.random.Generator, day: date, orders: Columns, memberships: Columns) -> Columns:
    sent = seconds(day) + 10 * HOUR
    joined = memberships["joined_at"]
    is_new = (joined >= sent - 7 * DAY) & (joined < sent) & (memberships["left_at"] > sent)
    is_new &= ~np.isin(memberships["person"], orders["person"][orders["created_at"] < sent])
    chosen = np.flatnonzero(is_new)[:TOUCHES_PER_DAY]
    count, sent_at = len(chosen), sent + np.arange(len(chosen))
    receipt = sent_at + 14 * HOUR + rng.integers(1, 600, count)
    return {
        "shop": memberships["shop"][chosen],
        "person": memberships["person"][chosen],
        "number": np.arange(count) + 1,
        "sent_at": sent_at,
        "delivered_at": np.where(rng.random(count) < 0.95, receipt, NEVER),
    }
