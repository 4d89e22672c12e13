"""The bytes of a file: CSV in an encoding, XLSX with text cells, and their atomic placing.

Columns come as finished text (`cells`); nothing here knows what they mean.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import xlsxwriter

from demo.cells import Cell, Text, compute, joined

CHUNK = 100_000
NEEDS_QUOTES = '[,"\r\n]'


def csv_bytes(
    header: Sequence[str], columns: Mapping[str, Cell], rows: int, encoding: str = "utf-8", default: str = ""
) -> bytes:
    """A CSV file as the platforms write it: quotes only where needed; a header nobody fills holds the default."""
    cells = [_quoted(columns.get(name.strip(), default)) for name in header]
    parts: list[str | None] = [",".join(header)]
    for start in range(0, rows, CHUNK):
        chunk = [cell if isinstance(cell, str) else cell.slice(start, CHUNK) for cell in cells]
        parts.extend(joined(*chunk, separator=",").to_pylist())
    return ("\r\n".join(map(str, parts)) + "\r\n").encode(encoding)


def total_row(header: Sequence[str], sums: Mapping[str, str], encoding: str) -> bytes:
    """The line that some exports end with: a word where the id would stand, and sums."""
    return (",".join(["合计", *(sums.get(name, "") for name in header[1:])]) + "\r\n").encode(encoding)


def _quoted(cell: Cell) -> Cell:
    if isinstance(cell, str):
        is_special = any(character in cell for character in ',"\r\n')
        return '"' + cell.replace('"', '""') + '"' if is_special else cell
    special = compute.match_substring_regex(cell, NEEDS_QUOTES)
    if not compute.any(special).as_py():
        return cell
    return compute.if_else(special, joined('"', compute.replace_substring(cell, '"', '""'), '"'), cell)


def xlsx_bytes(header: Sequence[str], columns: Mapping[str, Cell], rows: int, default: str = "") -> bytes:
    """A workbook of one sheet in which every cell is text; the same cells give the same bytes."""
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False})
    workbook.set_properties({"created": datetime(2000, 1, 1)})
    sheet = workbook.add_worksheet("sheet1")
    sheet.write_row(0, 0, header)
    for position, name in enumerate(header):
        sheet.write_column(1, position, _values(columns.get(name, default), rows))
    workbook.close()
    return target.getvalue()


def _values(cell: Cell, rows: int) -> list[str | None]:
    return [cell] * rows if isinstance(cell, str) else cell.to_pylist()


def text_column(values: Sequence[str | None]) -> Text:
    return pa.array(list(values), pa.string())


def place(path: Path, content: bytes) -> None:
    """Puts the file in one step; a file that already has these bytes keeps its place and its time."""
    if path.exists() and path.stat().st_size == len(content) and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_bytes(content)
    unfinished.replace(path)
