"""How a column of numbers becomes a column of export text: ids, yuan, moments, words, made-up account names.

Everything takes and gives whole columns; nothing here knows a platform's header or a file.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from demo.columns import Array
from demo.timeline import DAY, NEVER, seconds

compute: Any = pyarrow.compute  # its type stubs know no mixing of columns and single texts

Text = pa.Array  # of strings
Cell = Text | str  # a whole column, or one text for every row

ALPHABET = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-", "S1")
SHIFTS = np.arange(0, 64, 6, dtype=np.uint64)


def digits(numbers: Array, before: str = "", after: str = "") -> Text:
    text = pa.array(numbers).cast(pa.string())
    return wrap(text, before, after) if before or after else text


def wrap(text: Text, before: str = "", after: str = "") -> Text:
    return joined(before, text, after)


def joined(*cells: Cell, separator: str = "") -> Text:
    return compute.binary_join_element_wise(*cells, separator)


def money(fen: Array) -> pa.Array:
    """Exact decimals of yuan: the fen are the unscaled value."""
    fen = np.ascontiguousarray(fen, np.int64)
    words = np.column_stack([fen, fen >> 63])
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(fen), [None, pa.py_buffer(words.tobytes())])


def yuan(fen: Array, with_thousands: bool = False) -> Text:
    text = money(fen).cast(pa.string())
    return compute.replace_substring_regex(text, r"^(\d{1,3})(\d{3}\.\d\d)$", r"\1,\2") if with_thousands else text


def timestamps(moments: Array) -> pa.Array:
    hidden = moments >= NEVER
    return pa.array(np.where(hidden, 0, moments).astype("datetime64[s]"), mask=hidden)


def when(moments: Array, never: str = "-") -> Text:
    return timestamps(moments).cast(pa.string()).fill_null(never)


def day_text(moments: Array) -> Text:
    return dates(moments).cast(pa.string())


def dates(moments: Array) -> pa.Array:
    hidden = moments >= NEVER
    return pa.array(np.where(hidden, 0, moments // DAY).astype("datetime64[D]"), mask=hidden)


def pick(words: Sequence[str], codes: Array, missing: str | None = "-") -> Text:
    """The word of each code; a negative code has none."""
    codes = codes.astype(np.int64)
    text = pa.array(list(words), pa.string()).take(pa.array(codes, pa.int64(), mask=codes < 0))
    return text if missing is None else text.fill_null(missing)


def choose(condition: Array, then: Text | str | None, otherwise: Text | str | None) -> Text:
    return compute.if_else(pa.array(condition), _value(then), _value(otherwise))


def _value(cell: Text | str | None) -> pa.Array | pa.Scalar:
    return cell if isinstance(cell, pa.Array) else pa.scalar(cell, pa.string())


def scrambled(numbers: Array, before: str) -> Text:
    """An opaque id for every number; different numbers give different ids."""
    mixed = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    letters = ALPHABET[((mixed[:, None] >> SHIFTS) & np.uint64(63)).astype(np.intp)]
    offsets = np.arange(len(mixed) + 1, dtype=np.int32) * len(SHIFTS)
    buffers = (pa.py_buffer(offsets.tobytes()), pa.py_buffer(letters.tobytes()))
    return wrap(pa.StringArray.from_buffers(len(mixed), *buffers), before)


def open_id(person: Array, shop: Array) -> Text:
    """A person has another open_id in every shop."""
    return scrambled(person * 4 + shop + 1, "1@#")


def union_id(person: Array) -> Text:
    return scrambled(person + (1 << 40), "u@")


def nick(person: Array) -> Text:
    """Tmall member names; some look like numbers and must stay text all the same."""
    ordinary = digits(person * 7_919 + 100_003, "tb")
    return choose(person % 97 == 5, digits(person + 10, after="e5"), ordinary)


def account_id(person: Array, shop: Array) -> Text:
    return choose(shop == 2, nick(person), open_id(person, shop))


def end_of(day: date) -> int:
    """The cut-off of a delivery: the first second that is no longer in its day."""
    return seconds(day) + DAY
