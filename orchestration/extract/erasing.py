"""A delivered file without some of its rows: they are left empty, so that the others keep their numbers.

Belongs here: the bytes of the new file. Does not: which rows (`persons.py`), and putting it in its place.
"""

import codecs
import io
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

import numpy as np
import xlsxwriter
from python_calamine import CalamineWorkbook

from orchestration.extract.contracts import Contract, ContractKey
from orchestration.extract.encodings import encoding_of, text_blocks
from orchestration.extract.files import is_workbook
from orchestration.extract.readers import csv_header
from orchestration.extract.records import record_ends
from orchestration.extract.workbook import counts_days_from_1904

MOMENT = {"num_format": "yyyy-mm-dd hh:mm:ss"}
IsErased = Callable[[int, bytes], bool]  # by a row's number, and its text


def emptied(
    handle: BinaryIO, contract: Contract, contracts: Mapping[ContractKey, Contract], is_erased: IsErased
) -> tuple[bytes, int]:
    """The file with such rows left empty, and how many there were."""
    if is_workbook(handle):
        return _emptied_workbook(handle, is_erased)
    return _emptied_csv(handle, contract, contracts, is_erased)


def _emptied_csv(
    handle: BinaryIO, contract: Contract, contracts: Mapping[ContractKey, Contract], is_erased: IsErased
) -> tuple[bytes, int]:
    encoding = encoding_of(handle)
    text = b"".join(text_blocks(handle, encoding))
    handle.seek(0)
    mark = codecs.BOM_UTF8 if handle.read(3) == codecs.BOM_UTF8 else b""
    header, delimiter, start = csv_header(text, encoding, contract, contracts)
    ends = record_ends(text[start:], delimiter) + start
    pieces, count = [mark, text[:start]], 0
    for number, (begin, end) in enumerate(zip(np.concatenate(([start], ends)), ends, strict=False), header.row + 1):
        record = text[begin:end]
        gone = bool(record.strip()) and is_erased(number, record)
        pieces.append((b"\r\n" if record.endswith(b"\r\n") else b"\n") if gone else record)
        count += gone
    return b"".join([*pieces, text[int(ends[-1]) if len(ends) else start :]]), count


def _emptied_workbook(handle: BinaryIO, is_erased: IsErased) -> tuple[bytes, int]:
    """A new workbook with the values of the old one; how cells looked is lost."""
    starts_1904 = counts_days_from_1904(handle)
    handle.seek(0)
    old, out, count = CalamineWorkbook.from_filelike(handle), io.BytesIO(), 0
    with xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": starts_1904}) as new:
        moment = new.add_format(MOMENT)
        for name in old.sheet_names:
            sheet = new.add_worksheet(name)
            for place, row in enumerate(old.get_sheet_by_name(name).to_python(skip_empty_area=False)):
                text = "\t".join(map(str, row)).encode()
                if text.strip() and is_erased(place + 1, text):
                    count += 1
                else:
                    _write_row(sheet, place, row, moment)
    return out.getvalue(), count


def _write_row(sheet: Any, place: int, row: Collection[Any], moment: Any) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            if cell:
                sheet.write_string(place, column, cell)
        elif isinstance(cell, bool):
            sheet.write_boolean(place, column, cell)
        elif isinstance(cell, datetime | date | time | timedelta):
            with suppress(ValueError):
                sheet.write_datetime(place, column, cell, moment)
        else:
            sheet.write_number(place, column, cell)
