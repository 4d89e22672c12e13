"""Columns and rows, and the text they become: for people, for spreadsheets, for programs.

Belongs here: the formats of what commands answer. Does not: where rows come from.
"""

import csv
import io
import json
import unicodedata
from collections.abc import Sequence
from typing import Any, Literal

Format = Literal["table", "csv", "json"]
Row = Sequence[Any]
Table = tuple[Sequence[str], Sequence[Row]]


def render(columns: Sequence[str], rows: Sequence[Row], form: Format) -> str:
    """The rows in one of the formats, without a final line break."""
    return {"table": _table, "csv": _csv, "json": _json}[form](columns, rows)


def _table(columns: Sequence[str], rows: Sequence[Row]) -> str:
    cells = [list(columns), *([_shown(value) for value in row] for row in rows)]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    lines = ["  ".join(_pad(cell, width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def _csv(columns: Sequence[str], rows: Sequence[Row]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([columns, *(["" if v is None else v for v in row] for row in rows)])
    return out.getvalue().rstrip("\n")


def _json(columns: Sequence[str], rows: Sequence[Row]) -> str:
    """One array of objects; decimals as text, so that no cent is lost."""
    named = [dict(zip(columns, row, strict=True)) for row in rows]
    return json.dumps(named, ensure_ascii=False, indent=1, default=str)


def _shown(value: object) -> str:
    return "" if value is None else str(value).replace("\n", " ")


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
