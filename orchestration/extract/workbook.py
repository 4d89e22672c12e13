"""Reads XLSX as text, keeping what kind of cell each value was.

Belongs here: the guards against hostile or misleading workbooks, cells to text. Does not: CSV, and what a column means.
A number in an id column has already lost digits: it becomes NUMERIC_CELL, which casting makes the rule `numeric_id`.
"""

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import BinaryIO

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from orchestration.extract.contracts import Column, Contract, ContractKey
from orchestration.extract.readers import Source
from orchestration.extract.recognise import HEADER_ROWS, Header, Refused, explain, find_header, header_of

NUMERIC_CELL = "\x01"  # cannot occur in XML, hence in no text cell
LARGEST = 1024 * 1024 * 1024
BATCH = 20_000
EXACT_DIGITS = 15
FORBIDDEN = {
    rb"<!DOCTYPE|<!ENTITY": "it declares a document type, which no spreadsheet program does. Save it again from Excel",
    rb"<(\w+:)?f[\s>/]": "it contains formulas. Copy all, paste as values and save",
    rb"<(\w+:)?c\s[^>]*\bt=\"e\"": "it contains error cells such as #N/A. Correct or empty them and save",
}
Cell = str | float | bool | date | time | timedelta


def read_workbook(handle: BinaryIO, contract: Contract, contracts: Mapping[ContractKey, Contract]) -> Source:
    """The one sheet whose header fits the contract."""
    starts_1904 = counts_days_from_1904(handle)
    handle.seek(0)
    try:
        workbook = CalamineWorkbook.from_filelike(handle)
        sheets = [workbook.get_sheet_by_index(place) for place in range(len(workbook.sheet_names))]
        filled = [(sheet, sheet.to_python(skip_empty_area=False)) for sheet in sheets if sheet.height]
    except (CalamineError, OSError, ValueError):
        raise Refused("damaged, or not a workbook. Export it again and deliver the whole file.") from None
    fitting = [(sheet, rows, found) for sheet, rows in filled if (found := find_header(_texts(rows), contract))]
    if not fitting:
        raise Refused(
            explain((row for _, rows in filled for row in islice(_texts(rows), HEADER_ROWS)), contract, contracts)
        )
    if len(fitting) > 1:
        raise Refused("more than one of its sheets holds this export. Deliver each sheet as a file of its own.")
    sheet, rows, found = fitting[0]
    header = header_of(*found, contract, contracts)
    _refuse_merged_rows(sheet, header)
    return Source(header, _batches(rows, header, contract, starts_1904))


def counts_days_from_1904(handle: BinaryIO) -> bool:
    """Refuses what must not be read; tells whether days are counted from 1904."""
    handle.seek(0)
    try:
        with zipfile.ZipFile(handle) as archive:
            members = archive.infolist()
            _refuse_odd_members(members)
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    _refuse_forbidden(archive, member)
            return bool(re.search(rb"date1904=\"(1|true)\"", archive.read("xl/workbook.xml")))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, KeyError, OSError):
        raise Refused(
            "damaged, encrypted, or not a workbook. Export it again and deliver the whole .xlsx file."
        ) from None


def _refuse_odd_members(members: Sequence[zipfile.ZipInfo]) -> None:
    names = {member.filename for member in members}
    if "xl/workbook.xml" not in names:
        raise Refused("a zip archive, not an XLSX workbook. Unpack it and deliver the files inside.")
    if any(name.startswith("/") or ".." in name.split("/") or "\\" in name for name in names):
        raise Refused("its inner file names lead outside of it. Save it again from Excel.")
    if any(name.startswith("xl/externalLinks/") for name in names):
        raise Refused("it links to other workbooks. Copy all, paste as values into a new workbook and save.")
    if sum(member.file_size for member in members) > LARGEST:
        raise Refused(f"it unpacks to more than {LARGEST // 2**20} MB. Split it, or export CSV, which has no limit.")


def _refuse_forbidden(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    cells = member.filename.startswith("xl/worksheets/")
    pattern = re.compile(b"|".join(b"(%s)" % part for part in FORBIDDEN) if cells else b"(%s)" % next(iter(FORBIDDEN)))
    with archive.open(member) as part:
        tail = b""
        while chunk := part.read(1024 * 1024):
            if found := pattern.search(tail + chunk):
                reason = next(text for rule, text in FORBIDDEN.items() if re.match(rule, found.group()))
                raise Refused(f"{reason}, then deliver that.")
            tail = chunk[-200:]


def _refuse_merged_rows(sheet: CalamineSheet, header: Header) -> None:
    for (_, _), (last_row, _) in sheet.merged_cell_ranges or []:
        if last_row >= header.row:
            raise Refused(
                f"it has merged cells at row {last_row + 1}, so values are missing. Unmerge all cells and save it."
            )


def _texts(rows: Sequence[Sequence[Cell]]) -> Iterator[list[str]]:
    return ([cell if isinstance(cell, str) else str(cell) for cell in row] for row in rows)


def _batches(
    rows: Sequence[Sequence[Cell]], header: Header, contract: Contract, starts_1904: bool
) -> Iterator[pa.RecordBatch]:
    texts = {name: _text_of(contract.columns[name], starts_1904) for name in header.columns}
    places = {**header.columns, **header.parameters}
    for start in range(header.row, len(rows), BATCH):
        numbered = [
            (number, row)
            for number, row in enumerate(rows[start : start + BATCH], start + 1)
            if any(cell != "" for cell in row)
        ]
        columns = [
            pa.array([texts.get(name, _plain)(row[place]) for _, row in numbered], pa.string())
            for name, place in places.items()
        ]
        yield pa.record_batch(
            [*columns, pa.array([number for number, _ in numbered], pa.int64())], names=[*places, "line_number"]
        )


def _text_of(column: Column, starts_1904: bool) -> Callable[[Cell], str]:
    if column.type in ("timestamp", "date"):
        return lambda cell: _moment(cell, starts_1904)
    if column.type == "id":
        return lambda cell: cell if isinstance(cell, str) else NUMERIC_CELL
    if column.type == "percent":
        return lambda cell: f"{Decimal(f'{cell:.15g}') * 100:f}%" if isinstance(cell, float | int) else _plain(cell)
    if column.type == "text":
        return lambda cell: NUMERIC_CELL if isinstance(cell, float) and abs(cell) >= 10**EXACT_DIGITS else _plain(cell)
    return _plain


def _plain(cell: Cell) -> str:
    """A number with the 15 digits that a spreadsheet vouches for; `12.0` is 12."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float | int):
        digits = f"{Decimal(f'{cell:.{EXACT_DIGITS}g}'):f}"
        return digits.rstrip("0").rstrip(".") if "." in digits else digits
    return cell if isinstance(cell, str) else str(cell)


def _moment(cell: Cell, starts_1904: bool) -> str:
    """A date cell, or a serial number that was never formatted as one, to the millisecond."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        if not 1 <= cell < 2_958_466:  # the year 9999
            return str(cell)
        cell = (datetime(1904, 1, 1) if starts_1904 else datetime(1899, 12, 30)) + timedelta(days=cell)
    if isinstance(cell, datetime):
        cell += timedelta(microseconds=500)
        return cell.isoformat(" ", "milliseconds").removesuffix(".000")
    return str(cell)
