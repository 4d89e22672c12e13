"""The simulated brand as one frozen object: the whole truth, including what has not been exported yet."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from demo.columns import Columns
from demo.customers import draw_customers, purchases
from demo.lines import draw_lines
from demo.members import draw_consents, draw_memberships, draw_touches
from demo.orders import draw_orders
from demo.refunds import draw_refunds, settle
from demo.small_shops import draw_small_lines
from demo.timeline import DAY, Calendar, seconds

SEED, LAST_DAY = 20261111, date(2026, 10, 31)
SWITCH_SHARE, OVERLAP_DAYS = 0.6, 7


@dataclass(frozen=True)
class Brand:
    """Moments are seconds of Beijing time (`timeline.NEVER`: does not happen), amounts fen, words codes of `catalogue`.

    Orders stand by shop and time, lines by order, refunds by line, so a shop's days are a slice of each.
    """

    calendar: Calendar
    orders: Columns
    lines: Columns
    refunds: Columns
    memberships: Columns
    consents: Columns
    touches: Columns
    small_lines: Columns

    @property
    def items_from(self) -> date:
        """The first day whose Tmall orders are in the new item export."""
        return self.calendar.first_day + timedelta(days=int(self.calendar.days * SWITCH_SHARE))

    @property
    def classic_until(self) -> date:
        """The last day whose Tmall orders are in the classic list; both exports hold the days between."""
        return self.items_from + timedelta(days=OVERLAP_DAYS - 1)

    def orders_between(self, shop: int, first: date, last: date) -> slice:
        """The shop's orders created on the days from first to last, both included."""
        bounds = np.searchsorted(self.orders["shop"], [shop, shop + 1])
        created = self.orders["created_at"][bounds[0] : bounds[1]]
        edges = np.searchsorted(created, [seconds(first), seconds(last) + DAY])
        return slice(int(bounds[0] + edges[0]), int(bounds[0] + max(edges)))

    def lines_of(self, orders: slice) -> slice:
        start, stop = np.searchsorted(self.lines["order"], [orders.start, orders.stop])
        return slice(int(start), int(stop))


def simulate(seed: int = SEED, scale: float = 1.0, days: int = 365, last_day: date = LAST_DAY) -> Brand:
    """The same arguments give the same brand, to the last digit."""
    calendar = Calendar(last_day - timedelta(days=days - 1), days)
    customers = draw_customers(seed, scale, calendar)
    orders = draw_orders(seed, calendar, *purchases(seed, customers, calendar))
    lines = draw_lines(seed, calendar, orders)
    refunds = draw_refunds(seed, orders, lines)
    memberships = draw_memberships(seed, calendar, customers, orders)
    return Brand(
        calendar=calendar,
        orders=orders,
        lines=settle(lines, refunds),
        refunds=refunds,
        memberships=memberships,
        consents=draw_consents(seed, orders, memberships),
        touches=draw_touches(seed, calendar, orders, memberships),
        small_lines=draw_small_lines(seed, scale, calendar, len(customers.home_shop)),
    )
