"""An independent reader of the exports: standard library and the spreadsheet reader, none of the demo's code."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineWorkbook

ENCODINGS = {
    "douyin/orders/68830001": "utf-8-sig", "douyin/orders/68830002": "gb18030", "douyin/aftersales": "utf-8-sig",
    "douyin/alliance": "gb18030", "douyin/shop_summaries": "utf-8-sig",
    "douyin/settlements": "gb18030", "douyin/fund_bill": "utf-8-sig",
    "tmall/orders": "gbk", "tmall/order_details": "gbk", "tmall/refunds": "gbk", "pos/members": "gbk",
    "jd/orders": "gb2312", "youzan/orders": "utf-8-sig",
}  # fmt: skip


def encoding_of(path: Path) -> str:
    parts = path.parts[path.parts.index("inbox") + 1 :]
    return ENCODINGS.get("/".join((*parts[:2], parts[3])), ENCODINGS.get("/".join(parts[:2]), "utf-8"))


def table_of(path: Path) -> list[list[str]]:
    if path.suffix == ".xlsx":
        cells = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        assert all(isinstance(cell, str) for row in cells for cell in row)
        return cells
    text = path.read_bytes().decode(encoding_of(path), "strict")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def records(path: Path) -> Iterator[dict[str, str]]:
    """The rows with unwrapped values; every row must have as many cells as the header."""
    header, *rows = table_of(path)
    for row in rows:
        yield {name.strip(): unwrapped(value) for name, value in zip(header, row, strict=True)}


def unwrapped(value: str) -> str:
    value = value.rstrip("\t ").removeprefix('="').removesuffix('"') if value.startswith('="') else value.rstrip("\t ")
    return "" if value == "-" else value


def newest(paths: list[Path], key: str) -> dict[str, dict[str, str]]:
    """The last delivered version of every row."""
    return {row[key]: row for path in paths for row in records(path)}


def amount(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))
