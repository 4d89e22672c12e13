"""After-sales documents: full, partial and repeated refunds, withdrawn ones, and those that return no goods.

Every document is settled within 45 days of payment, so a 60-day re-export always shows its end.
"""

from typing import NamedTuple

import numpy as np

from demo.catalogue import EXCHANGE, NORMAL, PRICE_PROTECTION, REFUND_ONLY, RESEND, RETURN, TMALL
from demo.columns import Array, Columns, height, looked_up, rows
from demo.timeline import DAY, HOUR, MINUTE, NEVER, generator

REFUND_SHARE, EARLY_SHARE, LATE_SHARE = 0.11, 0.3, 0.04
REFUND_ID_BASE = {"douyin": 147_000_000_000_000_311, "tmall": 269_000_000_000_000_419}


class Step(NamedTuple):
    """One document of a plan: the part of the line's paid amount between two shares."""

    kind: int
    succeeds: bool
    since: float = 0.0
    until: float = 1.0


PLANS: tuple[tuple[float, tuple[Step, ...]], ...] = (
    (0.32, (Step(RETURN, True),)),
    (0.20, (Step(REFUND_ONLY, True),)),
    (0.14, (Step(REFUND_ONLY, True, 0.0, 0.4),)),
    (0.04, (Step(REFUND_ONLY, True, 0.0, 0.5), Step(RETURN, True, 0.5, 1.0))),
    (0.03, (Step(REFUND_ONLY, True, 0.0, 0.2), Step(REFUND_ONLY, True, 0.2, 0.35), Step(RETURN, True, 0.35, 0.5))),
    (0.11, (Step(RETURN, False),)),
    (0.03, (Step(RETURN, False), Step(RETURN, True))),
    (0.06, (Step(EXCHANGE, True, 0.0, 0.0),)),
    (0.04, (Step(PRICE_PROTECTION, True, 0.0, 0.05),)),
    (0.03, (Step(RESEND, True, 0.0, 0.0),)),
)
STEPS: Columns = {
    name: np.array([getattr(step, name) for _, steps in PLANS for step in steps]) for name in Step._fields
}
TMALL_PLANS = 7  # its refund export knows refunds and returns only


def draw_refunds(seed: int, orders: Columns, lines: Columns) -> Columns:
    """One row per after-sales document, by line."""
    rng = generator(seed, "refunds")
    head = looked_up(orders, ("paid_at", "shop"), lines["order"])
    paid_at, is_tmall = head["paid_at"], head["shop"] == TMALL.index
    open_to = (lines["kind"] == NORMAL) & (lines["paid_amount"] > 0) & (paid_at < NEVER)
    line = np.flatnonzero(open_to & (rng.random(height(lines)) < REFUND_SHARE))
    plan = rng.choice(len(PLANS), len(line), p=[share for share, _ in PLANS])
    plan = np.where(is_tmall[line] & (plan >= TMALL_PLANS), 0, plan)
    sizes = np.array([len(steps) for _, steps in PLANS])
    row = np.repeat(np.arange(len(line)), sizes[plan])
    number = np.arange(len(row)) - (np.cumsum(sizes[plan]) - sizes[plan])[row]
    step = (np.cumsum(sizes) - sizes)[plan[row]] + number
    table = rows(STEPS, step)
    first = first_application(rng, paid_at[line], lines["shipped_at"][line], sizes[plan] == 1)
    applied = first[row] + number * 6 * DAY
    paid = lines["paid_amount"][line][row]
    since, until = (np.floor(paid * table[part] + 1e-6).astype(np.int64) for part in ("since", "until"))
    base = np.where(is_tmall[line][row], REFUND_ID_BASE["tmall"], REFUND_ID_BASE["douyin"])
    return {
        "line": line[row],
        "refund_id": base + np.arange(len(row)) * 10_007,
        "kind": table["kind"].astype(np.int8),
        "succeeds": table["succeeds"],
        "amount": until - since,
        "applied_at": applied,
        "finished_at": applied + rng.integers(2 * HOUR, 5 * DAY, len(row)),
    }


def first_application(rng: np.random.Generator, paid: Array, shipped: Array, is_single: Array) -> Array:
    """Some ask before the parcel leaves, most within days of it, a few after more than five weeks."""
    count, chance = len(paid), rng.random(len(paid))
    early = paid + rng.integers(10 * MINUTE, 3 * HOUR, count)
    usual = np.minimum(shipped + rng.exponential(6 * DAY, count).astype(np.int64), paid + 25 * DAY)
    late = paid + rng.integers(36 * DAY, 39 * DAY, count)
    return np.where(chance < EARLY_SHARE, early, np.where(is_single & (chance > 1 - LATE_SHARE), late, usual))


def settle(lines: Columns, refunds: Columns) -> Columns:
    """The lines with the end that refunds gave them: paid back in full is closed; closed early is never shipped."""
    back = rows(refunds, is_refund(refunds))
    returned = np.bincount(back["line"], weights=back["amount"], minlength=height(lines)).astype(np.int64)
    last = np.zeros(height(lines), np.int64)
    np.maximum.at(last, back["line"], back["finished_at"])
    paid_back = (returned > 0) & (returned == lines["paid_amount"])
    closed = np.where(paid_back, last, lines["closed_at"])
    return lines | {
        "closed_at": closed,
        "shipped_at": np.where(lines["shipped_at"] < closed, lines["shipped_at"], NEVER),
        "completed_at": np.where(lines["completed_at"] < closed, lines["completed_at"], NEVER),
    }


def is_refund(refunds: Columns) -> Array:
    """Money that really goes back to the buyer; price protection does, though no goods come back."""
    moves_money = np.isin(refunds["kind"], (REFUND_ONLY, RETURN, PRICE_PROTECTION))
    return refunds["succeeds"] & moves_money & (refunds["amount"] > 0)
