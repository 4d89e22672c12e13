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


def _cut(text: bytes, form: Form, final: bool) -> tuple[Block, bytes, int]:
    """The records that are complete, the bytes after them, and how many there were."""
    if b'="' in text:
        text = TEXT_FORMULA.sub(rb"\1", text)
    original = text
    bad_starts: list[int] = []
    ends, well_formed = _ends(np.frombuffer(text, np.uint8), form.delimiter)
    open_ended = len(text) - (int(ends[-1]) if len(ends) else 0)
    if not well_formed or open_ended > LONGEST_RECORD or (final and open_ended):
        text, bad_starts = _mask_misplaced_quotes(text, form.delimiter, final)
        ends, _ = _ends(np.frombuffer(text, np.uint8), form.delimiter)
    size = int(ends[-1]) if len(ends) else 0
    block = _sorted_out(np.frombuffer(text, np.uint8, size), original, ends, bad_starts, form)
    return block, original[size:], len(ends)


def _ends(data: NDArray[np.uint8], delimiter: bytes) -> tuple[NDArray[np.intp], bool]:
    """Where each record ends (after its line end), and whether every quote up to there is in place."""
    line_ends = np.flatnonzero(data == NEWLINE)
    quotes = np.flatnonzero(data == QUOTE)
    if not len(quotes):
        return line_ends + 1, True
    ends = _outside(quotes, line_ends) + 1
    quotes = quotes[: np.searchsorted(quotes, ends[-1])] if len(ends) else quotes[:0]
    opening, closing = quotes[0::2], quotes[1::2]
    may_precede, may_follow = np.zeros((2, 256), np.bool_)
    may_precede[[QUOTE, NEWLINE, delimiter[0]]] = True
    may_follow[[QUOTE, NEWLINE, RETURN, delimiter[0]]] = True
    in_place = (may_precede[data[opening - 1]] | (opening == 0)).all() and may_follow[data[closing + 1]].all()
    return ends, bool(in_place)


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
    data: NDArray[np.uint8], text: bytes, ends: NDArray[np.intp], bad_starts: list[int], form: Form
) -> Block:
    starts = np.concatenate(([0], ends))[: len(ends)]
    quotes = np.flatnonzero(data == QUOTE)
    delimiters = _outside(quotes, np.flatnonzero(data == form.delimiter[0]))
    fields = np.diff(np.searchsorted(delimiters, ends), prepend=0) + 1
    bad = np.isin(starts, bad_starts) if bad_starts else np.zeros(len(ends), np.bool_)
    stray = _holds_stray_return(data, quotes, ends)
    content = ends - starts - 1 - ((data[ends - 2] == RETURN) & (ends - starts > 1))
    blank = ~bad & (content == fields - 1)
    good = ~(bad | blank | stray) & (fields == form.width)
    numbers = np.arange(form.first, form.first + len(ends), dtype=np.int64)
    malformed = [
        MalformedRecord(int(numbers[i]), _rule(bool(bad[i]), bool(stray[i])), text[starts[i] : ends[i]])
        for i in np.flatnonzero(~good & ~blank)
    ]
    kept = text[: len(data)] if good.all() else data[np.repeat(good, ends - starts)].tobytes()
    return Block(kept, numbers[good], malformed, _breaks_lines_inside(data, quotes))


def _outside(quotes: NDArray[np.intp], positions: NDArray[np.intp]) -> NDArray[np.intp]:
    return positions[np.searchsorted(quotes, positions) % 2 == 0] if len(quotes) else positions


def _breaks_lines_inside(data: NDArray[np.uint8], quotes: NDArray[np.intp]) -> bool:
    breaks = np.flatnonzero((data == NEWLINE) | (data == RETURN)) if len(quotes) else quotes
    return len(_outside(quotes, breaks)) < len(breaks)


def _holds_stray_return(data: NDArray[np.uint8], quotes: NDArray[np.intp], ends: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Records in which a carriage return stands alone, outside quotes: a parser might see a line end there."""
    found = np.zeros(len(ends), np.bool_)
    returns = _outside(quotes, np.flatnonzero(data == RETURN))
    stray = returns[data[returns + 1] != NEWLINE]  # a record ends with a line feed, so there is a next byte
    found[np.searchsorted(ends, stray, side="right")] = True
    return found


def _rule(bad: bool, stray: bool) -> Rule:
    if bad:
        return "misplaced_quote"
    return "stray_line_break" if stray else "wrong_number_of_fields"
