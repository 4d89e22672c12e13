"""Contracts: what they say of the lake, and how a wrong one is explained."""

import json
from pathlib import Path

import pytest

from orchestration.extract.contracts import ContractError, fold, load_contracts
from orchestration.settings import CONTRACTS

GOOD = "title: x\nkey: [order_id]\ncolumns:\n  order_id: {header: [订单号], type: id, required: true}\n"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("应付金额（元）", "应付金额(元)"),
        ("收货地址 ", "收货地址"),
        ("商品ID", "商品id"),
        ("动帐流水号", "动账流水号"),
        ("\ufeff订单 号", "订单号"),
    ],
)
def test_spellings_of_one_header_fold_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD + "colour: red\n", "colour: Extra inputs are not permitted. Remove the key"),
        (GOOD.replace("type: id", "type: float"), "columns.order_id.type"),
        (GOOD.replace("[order_id]", "[id]"), "the key names a column that is not loaded: id"),
        (GOOD + "  name: {header: [订单号 ]}\n", "one header stands for two columns: 订单号"),
        (GOOD + "  line_number: {header: [行]}\n", "the name is used by the loader: line_number"),
        (GOOD + "version: [order_id]\n", "a version column must be a timestamp or date"),
        (GOOD.replace("required", "values: [a], required"), "values are words"),
        (GOOD + "  status: {header: [状态], values: [paid, Paid]}\n", "a value stands twice: paid"),
        (GOOD + "prefer_latest: [order_id]\n", "a version column must be a timestamp or date"),
        (GOOD + "constant: [shop]\n", "`constant` names a column that is not loaded: shop"),
        (GOOD + "  a: {header: [a], type: timestamp, day: b}\n", "a `day` is a loaded date, of a timestamp: a"),
        (GOOD + "title: y\n", "the key title stands twice"),
        (GOOD.replace("required", "pattern: '(', required"), "columns.order_id.pattern"),
        ("- a list", "not a contract"),
        ("a: [", "not readable as YAML"),
    ],
)
def test_a_wrong_contract_is_explained_with_file_key_and_remedy(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "shop" / "orders.yml"
    file.parent.mkdir()
    file.write_text(text)
    with pytest.raises(ContractError) as error:
        load_contracts([CONTRACTS, tmp_path])
    assert str(file) in str(error.value) and says in str(error.value)


def test_a_directory_of_ones_own_overrides(tmp_path: Path) -> None:
    (tmp_path / "douyin").mkdir()
    (tmp_path / "douyin" / "orders.yml").write_text(GOOD)
    contracts = load_contracts([CONTRACTS, tmp_path])
    assert list(contracts["douyin", "orders"].columns) == ["order_id"]
    assert ("tmall", "orders") in contracts


def test_every_contract_ends_with_the_columns_of_the_loader() -> None:
    for contract in load_contracts([CONTRACTS]).values():
        assert list(contract.lake_schema)[-3:] == ["content_hash", "line_number", "version_at"]
        assert contract.lake_schema["shop_id"] == "VARCHAR"
        assert ("platform" in contract.lake_schema) == (contract.platform == "generic")


def test_an_export_header_as_published_leaves_no_header_unknown() -> None:
    header = json.loads((Path(__file__).parent / "published_headers.json").read_text())
    contracts = load_contracts([CONTRACTS])
    for name, cells in header.items():
        contract = contracts[tuple(name.split("/")[:2])]  # type: ignore[index]
        known = contract.aliases.keys() | contract.ignored_headers
        assert [cell for cell in cells if fold(cell) not in known] == []
