"""Cuts CSV text into records, and keeps back those that are not well formed, before any parser could guess at them.

Belongs here: bytes, quotes, delimiters, line ends. Does not: what a field means.
Set-based over a block at a time; only a block with a quote out of place is walked record by record.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

QUOTE, NEWLINE, RETURN, EQUALS = b'"\n\r='
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


@dataclass(frozen=True)
class Form:
    """What a record looks like, and the number of the next one."""

    first: int
    width: int
    delimiter: bytes


def blocks(text: Iterator[bytes], first: int, width: int, delimiter: str) -> Iterator[Block]:
    """Every record, in order and numbered from `first`; blank lines are numbered but not records."""
    form = Form(first, width, delimiter.encode())
    rest = b""
    for chunk in text:
        block, rest, count = _cut(rest + chunk, form, final=False)
        form = replace(form, first=form.first + count)
        yield block
    yield _cut(rest, form, final=True)[0]


def record_ends(text: bytes, delimiter: str) -> NDArray[np.intp]:
    """Where the records of a whole text end, as `blocks` cuts them; each counts as one, a blank line too."""
    text = TEXT_FORMULA.sub(lambda found: b"  " + found[1] + b" ", text)  # as long as before
    marks = _marks(text)
    ends = np.flatnonzero(marks.outside(NEWLINE)) + 1
    if not _in_place(marks, ends, delimiter.encode()) or (int(ends[-1]) if len(ends) else 0) < len(text):
        text, _ = _mask_misplaced_quotes(text, delimiter.encode(), final=True)
        ends = np.flatnonzero(_marks(text).outside(NEWLINE)) + 1
    return ends


def _cut(text: bytes, form: Form, final: bool) -> tuple[Block, bytes, int]:
    """The records that are complete, the bytes after them, and how many there were."""
    marks = _marks(text)
    if (marks.data[marks.quotes - 1] == EQUALS).any():
        text = TEXT_FORMULA.sub(rb"\1", text)
        marks = _marks(text)
    original = text
    bad_starts: list[int] = []
    ends = np.flatnonzero(marks.outside(NEWLINE)) + 1
    open_ended = len(text) - (int(ends[-1]) if len(ends) else 0)
    if not _in_place(marks, ends, form.delimiter) or open_ended > LONGEST_RECORD or (final and open_ended):
        text, bad_starts = _mask_misplaced_quotes(text, form.delimiter, final)
        marks = _marks(text)
        ends = np.flatnonzero(marks.outside(NEWLINE)) + 1
    size = int(ends[-1]) if len(ends) else 0
    block = _sorted_out(marks.first(size), original, ends, bad_starts, form)
    return block, original[size:], len(ends)


@dataclass(frozen=True)
class Marks:
    """The bytes, and which of them stand outside quotes; none of the masks is built where there are no quotes."""

    data: NDArray[np.uint8]
    quotes: NDArray[np.intp]
    unquoted: NDArray[np.bool_] | None

    def outside(self, byte: int) -> NDArray[np.bool_]:
        found = self.data == byte
        if self.unquoted is not None:
            found &= self.unquoted
        return found

    def first(self, size: int) -> "Marks":
        quotes = self.quotes[: np.searchsorted(self.quotes, size)]
        return Marks(self.data[:size], quotes, None if self.unquoted is None else self.unquoted[:size])


def _marks(text: bytes) -> Marks:
    data = np.frombuffer(text, np.uint8)
    quotes = np.flatnonzero(data == QUOTE)
    if not len(quotes):
        return Marks(data, quotes, None)
    lengths = np.diff(quotes, prepend=0, append=len(data))
    return Marks(data, quotes, np.repeat(np.arange(len(lengths)) % 2 == 0, lengths))


def _in_place(marks: Marks, ends: NDArray[np.intp], delimiter: bytes) -> bool:
    """Whether every quote of the complete records begins or ends a field."""
    data = marks.data
    quotes = marks.quotes[: np.searchsorted(marks.quotes, ends[-1])] if len(ends) else marks.quotes[:0]
    opening, closing = quotes[0::2], quotes[1::2]
    may_precede, may_follow = np.zeros((2, 256), np.bool_)
    may_precede[[QUOTE, NEWLINE, delimiter[0]]] = True
    may_follow[[QUOTE, NEWLINE, RETURN, delimiter[0]]] = True
    return bool((may_precede[data[opening - 1]] | (opening == 0)).all() and may_follow[data[closing + 1]].all())


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


def _sorted_out(marks: Marks, text: bytes, ends: NDArray[np.intp], bad_starts: list[int], form: Form) -> Block:
    data, starts = marks.data, np.concatenate(([0], ends))[: len(ends)]
    returns = np.flatnonzero(marks.outside(RETURN))
    bad = np.isin(starts, bad_starts) if bad_starts else np.zeros(len(ends), np.bool_)
    stray = _holds_stray_return(data, returns, ends)
    fields = _counts(marks.outside(form.delimiter[0]), starts) + 1
    content = ends - starts - 1 - ((data[ends - 2] == RETURN) & (ends - starts > 1))
    blank = ~bad & (content == fields - 1)
    good = ~(bad | blank | stray) & (fields == form.width)
    numbers = np.arange(form.first, form.first + len(ends), dtype=np.int64)
    malformed = [
        MalformedRecord(int(numbers[i]), _rule(bool(bad[i]), bool(stray[i])), text[starts[i] : ends[i]])
        for i in np.flatnonzero(~good & ~blank)
    ]
    kept = text[: len(data)] if good.all() else data[np.repeat(good, ends - starts)].tobytes()
    line_breaks = np.count_nonzero(data == NEWLINE) + np.count_nonzero(data == RETURN)
    return Block(kept, numbers[good], malformed, bool(line_breaks > len(ends) + len(returns)))


def _counts(mask: NDArray[np.bool_], starts: NDArray[np.intp]) -> NDArray[np.intp]:
    """How many there are from each start to the next. Counting in bytes is fast, and right unless one overflows."""
    if not len(starts):
        return starts
    counts = np.add.reduceat(mask.view(np.uint8), starts, dtype=np.uint8).astype(np.intp)
    is_exact = counts.sum() == np.count_nonzero(mask)
    return counts if is_exact else np.add.reduceat(mask, starts, dtype=np.intp)


def _holds_stray_return(
    data: NDArray[np.uint8], returns: NDArray[np.intp], ends: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Records in which a carriage return stands alone, outside quotes: a parser might see a line end there."""
    found = np.zeros(len(ends), np.bool_)
    stray = returns[data[returns + 1] != NEWLINE]  # a record ends with a line feed, so there is a next byte
    found[np.searchsorted(ends, stray, side="right")] = True
    return found


def _rule(bad: bool, stray: bool) -> Rule:
    if bad:
        return "misplaced_quote"
    return "stray_line_break" if stray else "wrong_number_of_fields"
