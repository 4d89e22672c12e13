"""What is known of lines and after-sales documents at a cut-off; the only way from the brand to files and truth."""

import numpy as np

from demo.brand import Brand
from demo.catalogue import CLOSED, COMPLETED, PAID, PLACED, RETURN, SHIPPED, TMALL
from demo.columns import Array, Columns, looked_up, rows
from demo.refunds import is_refund
from demo.timeline import NEVER

MOMENTS = ("paid_at", "shipped_at", "completed_at", "closed_at")
HEAD = ("shop", "person", "order_id", "created_at", "paid_at", "has_account")
TRAFFIC = ("format", "channel", "source", "is_ad", "app", "author", "influencer")
# How the after-sales of a line stand, as the order export words it.
NONE, WAITING, RETURNING, PARTLY_REFUNDED, FULLY_REFUNDED, CALLED_OFF = range(6)


def known_moments(moments: Array, cutoff: int) -> Array:
    return np.where(moments < cutoff, moments, NEVER)


def lines_as_of(brand: Brand, lines: slice, cutoff: int) -> Columns:
    """The lines with their order's facts; every moment after the cut-off is NEVER, and nothing paid back after it."""
    known = rows(brand.lines, lines)
    known |= looked_up(brand.orders, HEAD + TRAFFIC, known["order"])
    known |= {name: known_moments(known[name], cutoff) for name in MOMENTS}
    refunded, aftersale = aftersales_of(brand, lines, known["paid_amount"], cutoff)
    return known | {"refunded_amount": refunded, "aftersale": aftersale, "status": status(known)}


def status(known: Columns) -> Array:
    """How far lines or orders have come, by the latest of their moments."""
    reached = [known[name] < NEVER for name in reversed(MOMENTS)]
    return np.select(reached, [CLOSED, COMPLETED, SHIPPED, PAID], PLACED)


def aftersales_of(brand: Brand, lines: slice, paid: Array, cutoff: int) -> tuple[Array, Array]:
    """(money back, how the after-sales stand) of each line of the slice."""
    start, stop = np.searchsorted(brand.refunds["line"], [lines.start, lines.stop])
    documents = rows(brand.refunds, slice(start, stop))
    documents = rows(documents, documents["applied_at"] < cutoff)
    line, count = documents["line"] - lines.start, lines.stop - lines.start
    is_open = documents["finished_at"] >= cutoff
    back = is_refund(documents) & ~is_open
    refunded = np.bincount(line[back], documents["amount"][back], count).astype(np.int64)
    returning = np.bincount(line[is_open & (documents["kind"] == RETURN)], minlength=count) > 0
    waiting, any_document = np.bincount(line[is_open], minlength=count) > 0, np.bincount(line, minlength=count) > 0
    states = [returning, waiting, (refunded > 0) & (refunded == paid), refunded > 0, any_document]
    return refunded, np.select(states, [RETURNING, WAITING, FULLY_REFUNDED, PARTLY_REFUNDED, CALLED_OFF], NONE)


def documents_as_of(brand: Brand, cutoff: int, changed_since: int = 0) -> Columns:
    """After-sales documents with their line's facts, those only whose last change is not before `changed_since`."""
    applied, finished = brand.refunds["applied_at"], brand.refunds["finished_at"]
    changed = np.where(finished < cutoff, finished, applied)
    known = rows(brand.refunds, (applied < cutoff) & (changed >= changed_since))
    known |= looked_up(brand.lines, ("order", "order_line_id", "product", "paid_amount", "shipped_at"), known["line"])
    known |= looked_up(brand.orders, ("shop", "order_id", "created_at", "paid_at"), known["order"])
    known["finished_at"] = known_moments(known["finished_at"], cutoff)
    return known | {"is_refund": is_refund(known) & (known["finished_at"] < NEVER)}


def is_tmall(shop: Array) -> Array:
    return shop == TMALL.index
