"""Canaries planted in every personal column, in good rows, bad rows and bad files, are found nowhere afterwards."""

from pathlib import Path

import pytest

from orchestration.extract.contracts import Column, Contract, ContractError, load_contracts
from orchestration.settings import CONTRACTS
from tests.faults.conftest import Deliveries, csv_text

CANARY = "13800138000金丝雀"
TEXT_OF = {
    "id": "6920123456789012345",
    "integer": "1",
    "money": "1.00",
    "decimal": "0.034",
    "ratio": "0.1",
    "percent": "1%",
    "timestamp": "2024-01-01 10:00:00",
    "epoch_seconds": "1704074400",
    "date": "2024-01-01",
    "boolean": "是",
    "text": "x",
}
EXPORTS = load_contracts([CONTRACTS])


def holds_canary(home: Path) -> list[Path]:
    written = [path for path in home.rglob("*") if path.is_file() and "inbox" not in path.relative_to(home).parts]
    return [path for path in written if b"13800138000" in path.read_bytes() or "金丝雀".encode() in path.read_bytes()]


def cell_of(column: Column) -> str:
    return CANARY if column.personal else column.values[0] if column.values else TEXT_OF[column.type]


def export_of(contract: Contract) -> tuple[list[str], list[str]]:
    cells = {column.header[0]: cell_of(column) for column in contract.columns.values()}
    return list(cells), list(cells.values())


@pytest.mark.parametrize("key", EXPORTS, ids="/".join)
def test_every_export_loads_without_its_personal_columns(tmp_path: Path, key) -> None:
    contract = EXPORTS[key]
    header, row = export_of(contract)
    deliveries = Deliveries(tmp_path, EXPORTS, key)
    broken = [CANARY if cell.startswith("2024") else cell for cell in row]
    deliveries.put("good.csv", csv_text(header, [row, broken, [*row, CANARY]]))
    deliveries.put("cut.csv", csv_text(header, [row])[:-1])
    summary = deliveries.land()
    assert summary.rows_loaded >= 1 and summary.rows_quarantined >= 1 and len(summary.refused) == 1
    columns = [name for name in contract.lake_schema if contract.columns.get(name) and contract.columns[name].personal]
    assert not columns and not holds_canary(tmp_path)
    assert CANARY not in str(summary)


def test_a_column_that_asks_for_tokens_holds_the_same_token_for_the_same_person(tmp_path: Path) -> None:
    (tmp_path / "own" / "pos").mkdir(parents=True)
    (tmp_path / "own" / "pos" / "cards.yml").write_text(
        "title: cards\nkey: [card_id]\ncolumns:\n  card_id: {header: [卡号], type: id, required: true}\n"
        "  mobile: {header: [手机号], personal: token}\n"
    )
    contracts = load_contracts([tmp_path / "own"])
    rows = [["1", CANARY], ["2", f" '{CANARY}\t"], ["3", "-"], ["4", "other"]]
    deliveries = Deliveries(tmp_path, contracts, ("pos", "cards"))
    deliveries.put("cards.csv", csv_text(["卡号", "手机号"], rows))
    with pytest.raises(ContractError, match="SIYU_PEPPER"):
        deliveries.land()
    deliveries.tokens = b"k" * 32
    deliveries.land()
    first, second, third, fourth = (row[0] for row in deliveries.rows("mobile"))
    assert first == second != fourth and third is None and len(str(first)) == 64
    assert not holds_canary(tmp_path)
