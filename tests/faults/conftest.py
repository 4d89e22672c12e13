"""A throw-away inbox and lake, and files as platforms and people make them."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from orchestration.audit import Audit
from orchestration.extract.contracts import Contract, ContractKey, load_contracts
from orchestration.extract.lake import prepare
from orchestration.extract.landing import LandingSummary, land
from orchestration.privacy.keys import Keys
from orchestration.privacy.vault import Vault
from orchestration.settings import CONTRACTS

DAY = date(2024, 1, 2)
ORDER_COLUMNS = ["order_id", "order_line_id", "product_name", "quantity", "paid_amount", "order_status", "created_at"]


def csv_text(
    header: Sequence[str], rows: Sequence[Sequence[object]], delimiter: str = ",", line_end: str = "\n"
) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=line_end).writerows([header, *rows])
    return out.getvalue()


def order_rows(count: int) -> list[list[object]]:
    return [
        [f"O{i}", f"L{i}", f"面霜, 第{i}款", i % 3 + 1, f"{i + 1}.50", "paid", "2024-01-01 10:00:00"]
        for i in range(count)
    ]


def workbook(file: Path, fill: Callable[[xlsxwriter.Workbook], None]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(file)) as book:
        fill(book)


@dataclass
class Deliveries:
    """One installation's inbox, lake and book."""

    home: Path
    contracts: Mapping[ContractKey, Contract]
    dataset: ContractKey = ("generic", "order_lines")
    keys: Keys | None = None

    @property
    def vault(self) -> Vault | None:
        return Vault(self.home / "vault" / "vault.sqlite", self.keys) if self.keys else None

    @property
    def audit(self) -> Audit:
        return Audit(self.home / "audit.sqlite")

    def path(self, name: str, day: date = DAY) -> Path:
        path = self.home / "inbox" / self.dataset[0] / self.dataset[1] / day.isoformat() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def put(self, name: str, content: bytes | str, day: date = DAY) -> Path:
        path = self.path(name, day)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def orders(self, count: int = 3, name: str = "orders.csv", day: date = DAY) -> Path:
        return self.put(name, csv_text(ORDER_COLUMNS, order_rows(count)), day)

    def land(self, *days: date) -> LandingSummary:
        return land(
            self.contracts,
            *self.dataset,
            days or [DAY],
            self.home / "inbox",
            self.home / "lake",
            self.audit,
            self.vault,
        )

    def reason(self) -> str:
        """Why the one file delivered was refused; nothing of it may be in the lake."""
        summary = self.land()
        assert summary.rows_loaded == 0 and not summary.lake_paths
        ((_, reason),) = summary.refused
        return reason

    def rows(self, columns: str = "*") -> list[tuple[object, ...]]:
        prepare(self.contracts, self.home / "lake")
        glob = self.home / "lake" / self.dataset[0] / self.dataset[1] / "*" / "*.parquet"
        query = f"select {columns} from read_parquet('{glob}', union_by_name = true) order by line_number"
        return duckdb.sql(query).fetchall()

    def rules(self) -> list[tuple[object, ...]]:
        found = self.audit.query("select line_number, rule, column_name from quarantine order by 1, 2, 3")
        return [tuple(row.values()) for row in found]

    def douyin(self, row: Mapping[str, str], *more: Mapping[str, str]) -> str:
        """A Douyin order export with these cells; every required one has a good default."""
        good = {
            "主订单编号": "6920000000000000011",
            "子订单编号": "6920000000000000012",
            "商品数量": "1",
            "订单应付金额": "10.00",
            "订单提交时间": "2024-01-01 10:00:00",
            "订单状态": "已完成",
        }
        rows = [{**good, **cells} for cells in (row, *more)]
        header = list(dict.fromkeys(name for cells in rows for name in cells))
        return csv_text(header, [[cells.get(name, "") for name in header] for cells in rows])


@pytest.fixture(scope="session")
def contracts() -> Mapping[ContractKey, Contract]:
    return load_contracts([CONTRACTS])


@pytest.fixture
def deliveries(tmp_path: Path, contracts: Mapping[ContractKey, Contract]) -> Deliveries:
    return Deliveries(tmp_path, contracts)


@pytest.fixture
def douyin(tmp_path: Path, contracts: Mapping[ContractKey, Contract]) -> Deliveries:
    return Deliveries(tmp_path, contracts, ("douyin", "orders"))
