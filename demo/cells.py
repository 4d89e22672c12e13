"""How a column of numbers becomes a column of export text: ids, yuan, moments, words, made-up account names.

Everything takes and gives whole columns; nothing here knows a platform's header or a file.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.timeline import DAY, NEVER, Array, seconds

Text = pa.Array  # of strings
Cell = Text | str  # a whole column, or one text for every row

ALPHABET = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-", "S1")
SHIFTS = np.arange(0, 64, 6, dtype=np.uint64)


def digits(numbers: Array, before: str = "", after: str = "") -> Text:
    text = pa.array(np.asarray(numbers, np.int64)).cast(pa.string())
    return wrap(text, before, after) if before or after else text


def wrap(text: Text, before: str = "", after: str = "") -> Text:
    return pc.binary_join_element_wise(before, text, after, "")


def money(fen: Array) -> pa.Array:
    """Exact decimals of yuan: the fen are the unscaled value."""
    fen = np.ascontiguousarray(fen, np.int64)
    words = np.column_stack([fen, fen >> 63])
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(fen), [None, pa.py_buffer(words)])


def yuan(fen: Array, with_thousands: bool = False) -> Text:
    text = money(fen).cast(pa.string())
    return pc.replace_substring_regex(text, r"^(\d{1,3})(\d{3}\.\d\d)$", r"\1,\2") if with_thousands else text


def timestamps(moments: Array) -> pa.Array:
    hidden = moments >= NEVER
    return pa.array(np.where(hidden, 0, moments).astype("datetime64[s]"), mask=hidden)


def when(moments: Array, never: str = "-") -> Text:
    return timestamps(moments).cast(pa.string()).fill_null(never)


def dates(moments: Array) -> pa.Array:
    hidden = moments >= NEVER
    return pa.array(np.where(hidden, 0, moments // DAY).astype("datetime64[D]"), mask=hidden)


def pick(words: Sequence[str], codes: Array | np.ndarray, missing: str | None = "-") -> Text:
    """The word of each code; a negative code has none."""
    codes = np.asarray(codes).astype(np.int64)
    text = pa.array(list(words)).take(pa.array(codes, mask=codes < 0))
    return text if missing is None else text.fill_null(missing)


def choose(condition: np.ndarray, then: Text | str | None, otherwise: Text | str | None) -> Text:
    return pc.if_else(pa.array(condition), _value(then), _value(otherwise))


def _value(cell: Text | str | None) -> pa.Array | pa.Scalar:
    return cell if isinstance(cell, pa.Array) else pa.scalar(cell, pa.string())


def scrambled(numbers: Array, before: str) -> Text:
    """An opaque id for every number; different numbers give different ids."""
    mixed = np.asarray(numbers).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    letters = ALPHABET[((mixed[:, None] >> SHIFTS) & np.uint64(63)).astype(np.int64)]
    text = pa.array(np.ascontiguousarray(letters).view(f"S{len(SHIFTS)}").ravel()).cast(pa.string())
    return wrap(text, before)


def open_id(person: Array, shop: Array) -> Text:
    """A person has another open_id in every shop."""
    return scrambled(np.asarray(person) * 4 + shop + 1, "1@#")


def union_id(person: Array) -> Text:
    return scrambled(np.asarray(person) + (1 << 40), "u@")


def nick(person: Array) -> Text:
    """Tmall member names; some look like numbers and must stay text all the same."""
    person = np.asarray(person)
    ordinary = digits(person * 7_919 + 100_003, "tb")
    return choose(person % 97 == 5, digits(person + 10, after="e5"), ordinary)


def account_id(person: Array, shop: Array) -> Text:
    shop = np.asarray(shop)
    return choose(shop == 2, nick(person), open_id(person, shop))


def end_of(day: date) -> int:
    """The cut-off of a delivery: the first second that is no longer in its day."""
    return seconds(day) + DAY
