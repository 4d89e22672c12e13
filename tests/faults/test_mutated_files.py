"""Random damage to good files: whatever is done to them, rows are accounted for and no value changes silently."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.extract.contracts import ContractKey, load_contracts
from orchestration.privacy.keys import Keys
from orchestration.privacy.phones import DECORATION
from orchestration.settings import CONTRACTS
from tests.faults.conftest import ORDER_COLUMNS, Deliveries, csv_text

ALL_CONTRACTS = load_contracts([CONTRACTS])
KEYS = Keys((b"a pepper for tests, of 32 letters",))
ROWS = 12


@dataclass(frozen=True)
class Export:
    """Good rows of an export, and the expressions that show its columns in the lake as they were written."""

    dataset: ContractKey
    columns: Mapping[str, str]
    good: Callable[[int], Sequence[str]]
    key: tuple[int, ...]

    def rows(self) -> list[list[str]]:
        return [list(self.good(number)) for number in range(ROWS)]

    def text(self, rows: Sequence[Sequence[str]]) -> str:
        return csv_text(list(self.columns), rows)

    def key_of(self, row: Sequence[str]) -> tuple[str, ...]:
        return tuple(row[place] for place in self.key)


def money(column: str) -> str:
    return f"rtrim(rtrim({column}::varchar, '0'), '.')"


GENERIC = Export(
    ("generic", "order_lines"),
    {name: money(name) if name == "paid_amount" else name for name in ORDER_COLUMNS},
    lambda number: [
        f"O{number}", f"L{number}", f"面霜, 第{number}款", str(number % 3 + 1), f"{number + 1}.5", "paid",
        "2024-01-01 10:00:00",
    ],
    (1,),
)  # fmt: skip
DOUYIN = Export(
    ("douyin", "orders"),
    {
        "主订单编号": "order_id",
        "子订单编号": "order_line_id",
        "选购商品": "product_name",
        "商品数量": "quantity",
        "订单应付金额": money("payable_amount"),
        "订单状态": "order_status",
        "订单提交时间": "created_at",
        "doudian_open_id": "account_id",
    },
    lambda number: [
        f"69200000000000{number:05}", f"69300000000000{number:05}", f"面霜, 第{number}款", str(number % 3 + 1),
        f"{number + 1}.5", "已完成", "2024-01-01 10:00:00", f"1@#open{number}",
    ],
    (1,),
)  # fmt: skip
TMALL = Export(
    ("tmall", "orders"),
    {
        "订单编号": "order_id",
        "买家会员名": "account_id",
        "总金额": money("total_amount"),
        "买家实际支付金额": money("paid_amount"),
        "订单状态": "order_status",
        "订单创建时间 ": "created_at",
        "宝贝总数量": "quantity",
    },
    lambda number: [
        f"41000000000000{number:04}", f"tb{number}某人", f"{number + 2}.5", f"{number + 1}.5", "交易成功",
        "2024-01-01 10:00:00", str(number % 3 + 1),
    ],
    (0,),
)  # fmt: skip
WECOM = Export(
    ("wecom", "customers"),
    {
        "external_userid": "account_id",
        "userid": "employee_id",
        "unionid": "union_id",
        "type": "contact_type",
        "remark_mobiles": "mobile",
        "createtime": "(epoch(added_at) - 8 * 3600)::bigint",
        "state": "channel_code",
    },
    lambda number: [
        f"wm{number}", "lili", f"union{number}", str(number % 2 + 1), f"139000012{number:02};139000013{number:02}",
        str(1_704_135_845 + number), f"channel {number}",
    ],
    (0, 1),
)  # fmt: skip
of_each_export = pytest.mark.parametrize(
    "export", [GENERIC, DOUYIN, TMALL, WECOM], ids=lambda export: "/".join(export.dataset)
)
FUZZ = settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

nasty = st.sampled_from(
    [
        "",
        " ",
        "\t",
        "-",
        "--",
        "0",
        "-1",
        "1.005",
        "1,2",
        "1e5",
        "6.9E+18",
        "12.0",
        "'1",
        '="1"',
        '"',
        '""',
        ",",
        "\n",
        "\r",
        "\r\n",
        "¥",
        "元",
        "合计",
        "NaN",
        "Infinity",
        "null",
        "无",
        "\ufeff",
        "\u200b",
        "\ufffd",
        "１２",
        "2024-02-30",
        "2024-13-01 00:00:00",
        "12.50元",
        "99999999999999999999",
        "0x10",
        "true",
        "=1+1",
        "@x",
        "\x01",
        "\x1f",
        "'; drop table staged; --",
    ]
)
place = st.integers(0, 10_000)


def loaded(export: Export, text: bytes, phones: Mapping[str, str]) -> tuple[list[tuple[str, ...]], int]:
    """Lands the bytes; the rows in the lake, tokens as their phones, and the number read. The books must balance."""
    columns = ", ".join(f"({shown})::varchar" for shown in export.columns.values())
    with TemporaryDirectory() as folder:
        deliveries = Deliveries(Path(folder), ALL_CONTRACTS, export.dataset, KEYS)
        deliveries.put("orders.csv", text)
        summary = deliveries.land()
        accounted = summary.rows_loaded + summary.rows_duplicate + summary.rows_superseded + summary.rows_quarantined
        assert summary.rows_read == accounted
        assert len({line for line, *_ in deliveries.rules()}) == summary.rows_quarantined
        rows = [
            row for path in summary.lake_paths for row in duckdb.read_parquet(str(path)).project(columns).fetchall()
        ]
        assert len(rows) == summary.rows_loaded
        return [tuple(told(cell or "", phones) for cell in row) for row in rows], summary.rows_read


def told(cell: str, phones: Mapping[str, str]) -> str:
    return ";".join(phones.get(part, part) for part in cell.split(";"))


def phones_in(text: str) -> dict[str, str]:
    """By token, whatever can be read as a number, across cells too."""
    return {KEYS.token(number): number for number in re.findall(r"(?=(1[3-9]\d{9}))", plain(text))}


def plain(text: str) -> str:
    """Without what reading takes off or makes plain."""
    return DECORATION.sub("", unicodedata.normalize("NFKC", text).replace('""', '"').replace(",", ""))


@of_each_export
@FUZZ
@given(changes=st.lists(st.tuples(place, place, nasty | st.text(max_size=6)), min_size=1, max_size=4))
def test_a_changed_cell_touches_no_other_cell_and_no_other_row(export: Export, changes) -> None:
    rows, original = export.rows(), dict(enumerate(map(tuple, export.rows())))
    touched: dict[int, set[int]] = {}
    for row, column, text in changes:
        number, position = row % ROWS, column % len(export.columns)
        rows[number][position] = text.replace("\0", "")
        touched.setdefault(number, set()).add(position)
    found, read = loaded(export, export.text(rows).encode("utf-8", "replace"), phones_in(export.text(export.rows())))
    if not read:
        return  # refused whole
    assert read == ROWS
    intact = [cells for number, cells in original.items() if number not in touched]
    changed_keys = {export.key_of(rows[number]) for number in touched}
    assert all(cells in found for cells in intact if export.key_of(cells) not in changed_keys)
    for row in found:
        nearest = max(original.items(), key=lambda item: sum(a == b for a, b in zip(item[1], row, strict=True)))
        changed = {position for position, (a, b) in enumerate(zip(nearest[1], row, strict=True)) if a != b}
        assert changed <= touched.get(nearest[0], set())


@of_each_export
@FUZZ
@given(
    damage=st.lists(st.tuples(st.sampled_from(["delete", "insert", "repeat"]), place, nasty), min_size=1, max_size=3),
    encoding=st.sampled_from(["utf-8", "gb18030"]),
)
def test_damage_anywhere_in_the_text_loads_no_row_that_was_not_written(export: Export, damage, encoding: str) -> None:
    text = export.text(export.rows())
    for kind, where, what in damage:
        at = where % len(text)
        text = {
            "delete": text[:at] + text[at + 1 :],
            "insert": text[:at] + what + text[at:],
            "repeat": text[:at] + text[at - 9 :],
        }[kind]
    found, _ = loaded(export, text.encode(encoding, "replace"), phones_in(text))
    written = plain(text)
    for row in found:
        for cell in row:
            is_moment = re.fullmatch(r"\d{4}-\d\d-\d\d .*", cell)
            for part in (cell[:10] if is_moment else cell).split(";"):
                assert plain(part) in written


@of_each_export
@FUZZ
@given(noise=st.binary(max_size=300), where=place)
def test_bytes_written_over_a_file_never_crash_the_reader(export: Export, noise: bytes, where: int) -> None:
    content = export.text(export.rows()).encode()
    at = where % len(content)
    loaded(export, content[:at] + noise + content[at + len(noise) :], {})
