"""Who buys and when: people with rates and lifetimes of their own (Poisson purchases, exponential drop-out).

What is bought, paid or returned is not decided here.
"""

from dataclasses import dataclass

import numpy as np

from demo.catalogue import SHOP_SHARES, SHOPS
from demo.columns import Array
from demo.timeline import DAY, Calendar, generator

CUSTOMERS_PER_SCALE = 3_000
PROSPECTS_PER_SCALE = 1_000  # people who join the membership and never buy
MEAN_RATE, RATE_SHAPE = 0.023, 0.7  # purchases per average day of demand
MEAN_LIFETIME = 130.0
HOME_SHOP_SHARE, SAME_DAY_SHARE = 0.92, 0.03


@dataclass(frozen=True)
class Customers:
    """Arrays by person; people after `buyers` never buy."""

    home_shop: Array
    starts: Array  # in units of cumulative demand
    ends: Array
    rate: Array

    @property
    def buyers(self) -> int:
        return len(self.starts)


def draw_customers(seed: int, scale: float, calendar: Calendar) -> Customers:
    rng = generator(seed, "customers")
    buyers, prospects = round(CUSTOMERS_PER_SCALE * scale), round(PROSPECTS_PER_SCALE * scale)
    starts = rng.uniform(0, calendar.days, buyers)
    lifetime = rng.gamma(2.0, MEAN_LIFETIME / 2, buyers)
    return Customers(
        home_shop=rng.choice(len(SHOPS), buyers + prospects, p=SHOP_SHARES),
        starts=starts,
        ends=np.minimum(starts + lifetime, calendar.days),
        rate=rng.gamma(RATE_SHAPE, MEAN_RATE / RATE_SHAPE, buyers),
    )


def purchases(seed: int, customers: Customers, calendar: Calendar) -> tuple[Array, Array, Array]:
    """(person, shop, moment) of every order: the first, the repeats, and second orders on the same day."""
    rng = generator(seed, "purchases")
    repeats = rng.poisson(customers.rate * (customers.ends - customers.starts))
    everyone = np.arange(customers.buyers)
    again = np.repeat(everyone, repeats)
    later = rng.uniform(customers.starts[again], customers.ends[again])
    person = np.concatenate([everyone, again])
    moment = calendar.moment_of(np.concatenate([customers.starts, later]))
    doubled = np.flatnonzero(rng.random(len(person)) < SAME_DAY_SHARE)
    end_of_day = moment[doubled] // DAY * DAY + DAY - 1
    second = np.minimum(moment[doubled] + rng.integers(300, 7_200, len(doubled)), end_of_day)
    person = np.concatenate([person, person[doubled]])
    elsewhere = rng.random(len(person)) >= HOME_SHOP_SHARE
    shop = np.where(elsewhere, rng.choice(len(SHOPS), len(person), p=SHOP_SHARES), customers.home_shop[person])
    return person, shop, np.concatenate([moment, second])
