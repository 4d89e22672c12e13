"""Cuts CSV text into records, and keeps back those that are not well formed, before any parser could guess at them.

Belongs here: bytes, quotes, delimiters, line ends. Does not: what a field means.
Set-based over a block at a time; only a block with a quote out of place is walked record by record.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

QUOTE, NEWLINE, RETURN = b'"\n\r'
LONGEST_RECORD = 1024 * 1024
# `="123"`, unquoted: how Taobao keeps Excel from rounding an id. Inside a well-formed quoted field it cannot occur.
TEXT_FORMULA = re.compile(rb'(?<![^,;\t\n])="([^",;\t\r\n]+)"(?=[,;\t\r\n])')

Rule = Literal["wrong_number_of_fields", "misplaced_quote", "stray_line_break"]


@dataclass(frozen=True)
class MalformedRecord:
    """A record kept back. Its text serves only to be hashed."""

    number: int
    rule: Rule
    text: bytes


@dataclass(frozen=True)
class Block:
    """Some well-formed records of equal width, as CSV text, and those that stood between them."""

    text: bytes
    numbers: NDArray[np.int64]
    malformed: list[MalformedRecord]
    quoted_line_breaks: bool


def blocks(text: Iterator[bytes], first: int, width: int, delimiter: str) -> Iterator[Block]:
    """Every record, in order and numbered from `first`; blank lines are numbered but not records."""
    rest = b""
    number = first
    for chunk in text:
        block, rest, number = _cut(rest + chunk, number, width, delimiter.encode(), final=False)
        yield block
    yield _cut(rest, number, width, delimiter.encode(), final=True)[0]


def _cut(text: bytes, first: int, width: int, delimiter: bytes, final: bool) -> tuple[Block, bytes, int]:
    if b'="' in text:
        text = TEXT_FORMULA.sub(rb"\1", text)
    bad_starts: list[int] = []
    ends, well_formed = _ends(np.frombuffer(text, np.uint8), delimiter)
    original = text
    open_ended = len(text) - (int(ends[-1]) if len(ends) else 0)
    if not well_formed or open_ended > LONGEST_RECORD or (final and open_ended):
        text, bad_starts = _mask_misplaced_quotes(text, delimiter, final)
        ends, _ = _ends(np.frombuffer(text, np.uint8), delimiter)
    size = int(ends[-1]) if len(ends) else 0
    block = _sorted_out(np.frombuffer(text, np.uint8, size), original, ends, bad_starts, first, width, delimiter)
    return block, original[size:], first + len(ends)


def _ends(data: NDArray[np.uint8], delimiter: bytes) -> tuple[NDArray[np.intp], bool]:
    """Where each record ends (after its line end), and whether every quote up to there is in place."""
    line_ends = np.flatnonzero(data == NEWLINE)
    quotes = np.flatnonzero(data == QUOTE)
    if not len(quotes):
        return line_ends + 1, True
    ends = line_ends[np.searchsorted(quotes, line_ends) % 2 == 0] + 1
    quotes = quotes[: np.searchsorted(quotes, ends[-1])] if len(ends) else quotes[:0]
    opening, closing = quotes[0::2], quotes[1::2]
    before, after = data[opening - 1], data[closing + 1]
    opens_well = (opening == 0) | np.isin(before, (QUOTE, NEWLINE, delimiter[0]))
    closes_well = np.isin(after, (QUOTE, NEWLINE, RETURN, delimiter[0]))
    return ends, bool(opens_well.all() and closes_well.all())


def _mask_misplaced_quotes(text: bytes, delimiter: bytes, final: bool) -> tuple[bytes, list[int]]:
    """The text with the quotes of malformed records blanked, and where those records start.

    A malformed record ends with its first line, so that a quote never closed cannot swallow the rows after it.
    """
    d = re.escape(delimiter)
    field = rb'(?:"(?:[^"]++|"")*+"|[^"' + d + rb"\r\n]*+)"
    record = re.compile(field + rb"(?:" + d + field + rb")*+\r?\n")
    pieces, starts, position = [], [], 0
    while position < len(text):
        found = record.match(text, position)
        if found:
            end = found.end()
        else:
            end = text.find(b"\n", position) + 1
            if not end or (not final and len(text) - position <= LONGEST_RECORD):
                break
            starts.append(position)
        line = text[position:end]
        pieces.append(line if found else line.replace(b'"', b" "))
        position = end
    return b"".join(pieces), starts


def _sorted_out(
    data: NDArray[np.uint8],
    text: bytes,
    ends: NDArray[np.intp],
    bad_starts: list[int],
    first: int,
    width: int,
    delimiter: bytes,
) -> Block:
    starts = np.concatenate(([0], ends[:-1])).astype(np.intp) if len(ends) else ends
    outside, quoted_line_breaks = _outside_quotes(data, len(ends))
    delimiters = np.flatnonzero((data == delimiter[0]) & outside)
    fields = np.diff(np.searchsorted(delimiters, ends), prepend=0) + 1
    bad = np.isin(starts, bad_starts)
    stray = _holds_stray_return(data, outside, ends)
    content = ends - starts - 1 - (data[np.maximum(ends - 2, 0)] == RETURN) * (ends - starts > 1)
    blank = ~bad & (content == fields - 1)
    good = ~(bad | blank | stray) & (fields == width)
    numbers = np.arange(first, first + len(ends), dtype=np.int64)
    malformed = [
        MalformedRecord(int(numbers[i]), _rule(bool(bad[i]), bool(stray[i])), text[starts[i] : ends[i]])
        for i in np.flatnonzero(~good & ~blank)
    ]
    kept = text[: len(data)] if good.all() else data[np.repeat(good, ends - starts)].tobytes()
    return Block(kept, numbers[good], malformed, quoted_line_breaks)


def _outside_quotes(data: NDArray[np.uint8], records: int) -> tuple[NDArray[np.bool_] | np.bool_, bool]:
    quotes = data == QUOTE
    if not quotes.any():
        return np.True_, False
    outside = np.cumsum(quotes, dtype=np.uint8) & 1 == 0
    inside_returns = np.isin(data[~outside], (NEWLINE, RETURN)).any()
    return outside, bool(inside_returns)


def _holds_stray_return(
    data: NDArray[np.uint8], outside: NDArray[np.bool_] | np.bool_, ends: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Records in which a carriage return stands alone, outside quotes: a parser might see a line end there."""
    found = np.zeros(len(ends), np.bool_)
    returns = np.flatnonzero((data == RETURN) & outside)
    stray = returns[data[np.minimum(returns + 1, len(data) - 1)] != NEWLINE]
    found[np.searchsorted(ends, stray, side="right")] = True
    return found


def _rule(bad: bool, stray: bool) -> Rule:
    if bad:
        return "misplaced_quote"
    return "stray_line_break" if stray else "wrong_number_of_fields"
