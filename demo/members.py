"""The membership of the Douyin shops, consents to messages, and a few messages sent.

One row of `memberships` is one stay, so who left and came back has two; the platform's export shows the latest only.
"""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from demo.catalogue import TMALL
from demo.customers import Customers
from demo.timeline import DAY, HOUR, MINUTE, NEVER, Array, Calendar, generator, seconds

MEMBER_SHARE, LEAVE_SHARE, RETURN_SHARE, REVIEW_SHARE, UNION_SHARE = 0.55, 0.06, 0.25, 0.5, 0.6
CONSENT_SHARE, WITHDRAW_SHARE = 0.9, 0.03
TOUCH_DAYS, TOUCHES_PER_DAY = (20, 9, 4), 40  # days before the last one


def first_moments(person: Array, shop: Array, moment: Array) -> pd.DataFrame:
    """The first moment of each person in each shop, by shop and person."""
    order = np.lexsort((moment, person, shop))
    person, shop, moment = person[order], shop[order], moment[order]
    is_first = np.ones(len(person), bool)
    is_first[1:] = (person[1:] != person[:-1]) | (shop[1:] != shop[:-1])
    return pd.DataFrame({"shop": shop[is_first], "person": person[is_first], "moment": moment[is_first]})


def draw_memberships(seed: int, calendar: Calendar, customers: Customers, orders: pd.DataFrame) -> pd.DataFrame:
    rng = generator(seed, "members")
    bought = orders[orders["shop"] != TMALL.index]
    buyers = first_moments(*(bought[c].to_numpy() for c in ("person", "shop", "created_at")))
    buyers = buyers[rng.random(len(buyers)) < MEMBER_SHARE]
    prospects = np.arange(customers.buyers, len(customers.home_shop))
    person = np.concatenate([buyers["person"], prospects])
    shop = np.concatenate([buyers["shop"], customers.home_shop[prospects] % 2])
    joined = np.concatenate([
        buyers["moment"] + join_delay(rng, len(buyers)),
        calendar.moment_of(rng.uniform(0, calendar.days, len(prospects))),
    ])  # fmt: skip
    first = stays(rng, person, shop, joined)
    back = first[(first["left_at"] < NEVER) & (rng.random(len(first)) < RETURN_SHARE)]
    rejoined = back["left_at"].to_numpy() + HOUR + rng.exponential(20 * DAY, len(back)).astype(np.int64)
    second = stays(rng, back["person"].to_numpy(), back["shop"].to_numpy(), rejoined)
    second["left_at"] = NEVER
    return pd.concat([first, second]).sort_values(["shop", "person", "joined_at"], ignore_index=True)


def join_delay(rng: np.random.Generator, count: int) -> Array:
    """People join before their first order, in the purchase flow, or later."""
    chance = rng.random(count)
    before = -HOUR - rng.exponential(12 * DAY, count)
    later = HOUR + rng.exponential(30 * DAY, count)
    return np.where(chance < 0.3, before, np.where(chance < 0.75, rng.integers(1, 900, count), later)).astype(np.int64)


def stays(rng: np.random.Generator, person: Array, shop: Array, joined: Array) -> pd.DataFrame:
    count = len(person)
    leaves = rng.random(count) < LEAVE_SHARE
    left = np.where(leaves, joined + DAY + rng.exponential(60 * DAY, count).astype(np.int64), NEVER)
    reviewed = np.where(
        rng.random(count) < REVIEW_SHARE, joined + DAY + rng.exponential(45 * DAY, count).astype(np.int64), NEVER
    )
    return pd.DataFrame({
        "shop": shop,
        "person": person,
        "joined_at": joined,
        "left_at": left,
        "reviewed_at": np.where(reviewed < left, reviewed, NEVER),
        "level_after_review": rng.choice(4, count, p=[0.3, 0.4, 0.2, 0.1]),
        "points": rng.integers(0, 40, count) * 1_000,
        "points_after_review": rng.integers(-20, 600, count) * 1_000 + rng.integers(0, 100, count),
        "channel": rng.choice(6, count, p=[0.3, 0.1, 0.15, 0.3, 0.1, 0.05]),
        "has_union": person % 100 < UNION_SHARE * 100,
    })  # fmt: skip


def members_as_of(memberships: pd.DataFrame, cutoff: int) -> pd.DataFrame:
    """The latest stay of every member of the time, as the platform shows it; what is yet to come is NEVER."""
    known = memberships[memberships["joined_at"] < cutoff]
    known = known[~known.duplicated(["shop", "person"], keep="last")]
    left, reviewed = (np.where(known[c] < cutoff, known[c], NEVER) for c in ("left_at", "reviewed_at"))
    is_reviewed = reviewed < NEVER
    happened = [np.where(moments < NEVER, moments, 0) for moments in (left, reviewed)]
    return known.assign(
        left_at=left,
        level=np.where(is_reviewed, known["level_after_review"], 0),
        point_cent=np.where(is_reviewed, known["points_after_review"], known["points"]),
        updated_at=np.maximum.reduce([known["joined_at"].to_numpy(), *happened]),
    )


def draw_consents(seed: int, orders: pd.DataFrame, memberships: pd.DataFrame) -> pd.DataFrame:
    """Most people agree to messages on first contact with a shop; few take it back."""
    rng = generator(seed, "consents")
    person, shop, moment = (
        np.concatenate([orders[left].to_numpy(), memberships[right].to_numpy()])
        for left, right in (("person", "person"), ("shop", "shop"), ("created_at", "joined_at"))
    )
    contacts = first_moments(person, shop, moment)
    contacts = contacts[rng.random(len(contacts)) < CONSENT_SHARE].rename(columns={"moment": "granted_at"})
    granted, count = contacts["granted_at"].to_numpy() + MINUTE, len(contacts)
    later = granted + DAY + rng.exponential(60 * DAY, count).astype(np.int64)
    withdrawn = np.where(rng.random(count) < WITHDRAW_SHARE, later, NEVER)
    return contacts.assign(granted_at=granted, withdrawn_at=withdrawn)


def draw_touches(seed: int, calendar: Calendar, orders: pd.DataFrame, memberships: pd.DataFrame) -> pd.DataFrame:
    """Welcome messages to people who joined in the week before and had bought nothing."""
    rng = generator(seed, "touches")
    waves = [calendar.last_day - timedelta(days=days) for days in TOUCH_DAYS if days < calendar.days - 1]
    return pd.concat(
        [_wave(rng, day, orders, memberships) for day in waves] or [_wave(rng, calendar.first_day, orders, memberships)]
    )


def _wave(rng: np.random.Generator, day: date, orders: pd.DataFrame, memberships: pd.DataFrame) -> pd.DataFrame:
    sent = seconds(day) + 10 * HOUR
    buyers = orders["person"][orders["created_at"] < sent]
    recent = memberships[memberships["joined_at"].between(sent - 7 * DAY, sent) & (memberships["left_at"] > sent)]
    chosen = recent[~recent["person"].isin(buyers)].head(TOUCHES_PER_DAY)[["shop", "person"]]
    sent_at = sent + np.arange(len(chosen))
    delivered = np.where(rng.random(len(chosen)) < 0.95, sent_at + 14 * HOUR + rng.integers(1, 600, len(chosen)), NEVER)
    return chosen.assign(wave=f"{day:%m%d}", sent_at=sent_at, delivered_at=delivered)
