"""What is known of lines and after-sales documents at a cut-off; the only way from the brand to files and truth."""

import numpy as np
import pandas as pd

from demo.brand import Brand
from demo.catalogue import CLOSED, COMPLETED, PAID, PLACED, RETURN, SHIPPED, TMALL
from demo.refunds import is_refund
from demo.timeline import NEVER, Array

MOMENTS = ("paid_at", "shipped_at", "completed_at", "closed_at")
HEAD = ("shop", "person", "order_id", "created_at", "paid_at", "has_account")
TRAFFIC = ("format", "channel", "source", "is_ad", "app", "author", "influencer")
# How the after-sales of a line stand, as the order export words it.
NONE, WAITING, RETURNING, PARTLY_REFUNDED, FULLY_REFUNDED, CALLED_OFF = range(6)


def lines_as_of(brand: Brand, lines: slice, cutoff: int) -> pd.DataFrame:
    """The lines with their order's facts; every moment after the cut-off is NEVER, and nothing paid back after it."""
    known = brand.lines.iloc[lines].reset_index(drop=True)
    order = known["order"].to_numpy()
    for name in HEAD + TRAFFIC:
        known[name] = brand.orders[name].to_numpy()[order]
    for name in MOMENTS:
        known[name] = np.where(known[name] < cutoff, known[name], NEVER)
    refunded, aftersale = aftersales_of(brand, lines, known["paid_amount"].to_numpy(), cutoff)
    return known.assign(refunded_amount=refunded, aftersale=aftersale, status=line_status(known))


def line_status(lines: pd.DataFrame) -> Array:
    reached = [(lines[name] < NEVER).to_numpy() for name in reversed(MOMENTS)]
    return np.select(reached, [CLOSED, COMPLETED, SHIPPED, PAID], PLACED)


def aftersales_of(brand: Brand, lines: slice, paid: Array, cutoff: int) -> tuple[Array, Array]:
    """(money back, how the after-sales stand) of each line of the slice."""
    start, stop = np.searchsorted(brand.refunds["line"].to_numpy(), [lines.start, lines.stop])
    documents = brand.refunds.iloc[start:stop]
    documents = documents[documents["applied_at"] < cutoff]
    line, count = documents["line"].to_numpy() - lines.start, lines.stop - lines.start
    is_open = (documents["finished_at"] >= cutoff).to_numpy()
    back = is_refund(documents) & ~is_open
    refunded = np.bincount(line[back], documents["amount"].to_numpy()[back], count).astype(np.int64)
    returning = np.bincount(line[is_open & (documents["kind"] == RETURN).to_numpy()], minlength=count) > 0
    waiting, any_document = np.bincount(line[is_open], minlength=count) > 0, np.bincount(line, minlength=count) > 0
    states = [returning, waiting, (refunded > 0) & (refunded == paid), refunded > 0, any_document]
    return refunded, np.select(states, [RETURNING, WAITING, FULLY_REFUNDED, PARTLY_REFUNDED, CALLED_OFF], NONE)


def documents_as_of(brand: Brand, cutoff: int, changed_since: int = 0) -> pd.DataFrame:
    """After-sales documents with their line's facts, those only whose last change is not before `changed_since`."""
    every = brand.refunds
    applied, finished = every["applied_at"].to_numpy(), every["finished_at"].to_numpy()
    changed = np.where(finished < cutoff, finished, applied)
    known = every[(applied < cutoff) & (changed >= changed_since)].reset_index(drop=True)
    known = known.assign(
        finished_at=np.where(known["finished_at"] < cutoff, known["finished_at"], NEVER),
        is_refund=is_refund(known) & (known["finished_at"] < cutoff).to_numpy(),
    )
    line = known["line"].to_numpy()
    for name in ("order", "order_line_id", "product", "paid_amount", "shipped_at"):
        known[name] = brand.lines[name].to_numpy()[line]
    for name in ("shop", "order_id", "created_at", "paid_at"):
        known[name] = brand.orders[name].to_numpy()[known["order"].to_numpy()]
    return known


def is_tmall(shop: Array) -> np.ndarray:
    return np.asarray(shop) == TMALL.index
