"""Rows go from a delivered file, and nothing else of it changes."""

import io

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from orchestration.extract.contracts import load_contracts
from orchestration.extract.erasing import emptied
from orchestration.settings import CONTRACTS

CONTRACT_LIST = load_contracts([CONTRACTS])
MEMBERS = CONTRACT_LIST["generic", "members"]
HEADER = "account_id,member_level,joined_at\n"


def without(content: bytes, *numbers: int) -> tuple[bytes, int]:
    return emptied(io.BytesIO(content), MEMBERS, CONTRACT_LIST, lambda number, _: number in numbers)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_row_leaves_an_empty_line(encoding: str, end: str) -> None:
    lines = [
        "会员名单",
        HEADER.strip(),
        'a1,"金,\n卡",2024-01-01',
        'a2,="12",2024-01-02',
        'a"3,x',
        "",
        "a4,y,2024-01-03",
    ]
    content = "".join(line + end for line in lines).encode(encoding)
    kept = [line if number not in {2, 6} else "" for number, line in enumerate(lines)]
    assert without(content, 3, 7) == ("".join(line + end for line in kept).encode(encoding), 2)


def test_what_is_not_asked_for_stays_as_it_was() -> None:
    content = (HEADER + "a1,x,2024-01-01\n").encode()
    assert without(content, 5) == (content, 0)


def test_a_row_of_a_workbook_goes_and_the_values_of_the_others_stay() -> None:
    out = io.BytesIO()
    rows = [
        ["account_id", "points", "x"],
        ["a1", 12, True],
        ["a2", 13.5, ""],
        ["a3", 6920123456789012345, "2024-01-01"],
    ]
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("会员")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    content, count = without(out.getvalue(), 3)
    before, kept = values(out.getvalue()), values(content)
    assert count == 1 and kept == [before[0], before[1], ["", "", ""], before[3]]


def values(content: bytes) -> list[list[object]]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("会员")
    return [list(row) for row in sheet.to_python(skip_empty_area=False)]
