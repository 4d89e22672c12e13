"""Canaries planted in every personal column, in good rows, bad rows and bad files, are found nowhere afterwards."""

from pathlib import Path

import pytest

from orchestration.extract.contracts import Column, Contract, ContractError, load_contracts
from orchestration.privacy.disclosure import plain_values
from orchestration.privacy.keys import Keys, is_token
from orchestration.settings import CONTRACTS
from tests.faults.conftest import Deliveries, csv_text, workbook

CANARY = "13900139001金丝雀"
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
    "month_day": "1990-03-05",
    "boolean": "是",
    "filter": "net_amount >= 1",
    "text": "x",
}
EXPORTS = load_contracts([CONTRACTS])
KEYS = Keys((b"k" * 32,))


def holds_canary(home: Path) -> list[Path]:
    written = [path for path in home.rglob("*") if path.is_file() and "inbox" not in path.relative_to(home).parts]
    return [path for path in written if b"13900139001" in path.read_bytes() or "金丝雀".encode() in path.read_bytes()]


def cell_of(column: Column) -> str:
    return CANARY if column.personal else column.values[0] if column.values else TEXT_OF[column.type]


def export_of(contract: Contract) -> tuple[list[str], list[str]]:
    cells = {column.header[0]: cell_of(column) for column in contract.columns.values()}
    return list(cells), list(cells.values())


@pytest.mark.parametrize("key", EXPORTS, ids="/".join)
def test_every_export_loads_without_its_personal_columns(tmp_path: Path, key) -> None:
    contract = EXPORTS[key]
    header, row = export_of(contract)
    deliveries = Deliveries(tmp_path, EXPORTS, key, KEYS)
    broken = [CANARY if cell.startswith("2024") else cell for cell in row]
    deliveries.put("good.csv", csv_text(header, [row, broken, [*row, CANARY]]))
    deliveries.put("cut.csv", csv_text(header, [row])[:-1])
    summary = deliveries.land()
    assert summary.rows_loaded >= 1 and summary.rows_quarantined >= 1 and len(summary.refused) == 1
    assert not holds_canary(tmp_path)
    assert CANARY not in str(summary)


OWN = {
    "cards": "title: cards\nkey: [card_id]\ncolumns:\n  card_id: {header: [卡号], type: id, required: true}\n",
    "mobile": "  mobile: {header: [手机号], type: %s, personal: token}\n",
    "typed": """  kind: {header: [类型], required: true}
  value: {header: [值], type: text, required: true, personal: token, token_when: {kind: [phone, Mobile]}}
""",
}


def own_deliveries(home: Path, *columns: str) -> Deliveries:
    (home / "own" / "pos").mkdir(parents=True)
    (home / "own" / "pos" / "cards.yml").write_text("".join([OWN["cards"], *columns]))
    return Deliveries(home, load_contracts([home / "own"]), ("pos", "cards"), KEYS)


def test_a_column_that_asks_for_tokens_holds_the_same_token_for_the_same_person(tmp_path: Path) -> None:
    deliveries = own_deliveries(tmp_path, OWN["mobile"] % "text")
    rows = [["1", CANARY], ["2", f" '{CANARY}\t"], ["3", "-"], ["4", "other"]]
    deliveries.put("cards.csv", csv_text(["卡号", "手机号"], rows))
    deliveries.keys = None
    with pytest.raises(ContractError, match="pepper"):
        deliveries.land()
    deliveries.keys = KEYS
    deliveries.land()
    first, second, third, fourth = (row[0] for row in deliveries.rows("mobile"))
    assert first == second != fourth and third is None and is_token(str(first))
    assert not holds_canary(tmp_path)


def test_a_phone_has_one_token_and_what_joins_nobody_has_none(tmp_path: Path) -> None:
    deliveries = own_deliveries(tmp_path, OWN["mobile"] % "phone")
    phones = ["13900139001", "+86 139-0013-9001", '="13900139001"', "138****8000", "13900139001-7576", "##YWJj", "-"]
    deliveries.put("cards.csv", csv_text(["卡号", "手机号"], [[f"{i}", phone] for i, phone in enumerate(phones)]))
    assert deliveries.land().rows_loaded == len(phones)
    found = [row[0] for row in deliveries.rows("mobile")]
    assert found == [KEYS.token("13900139001")] * 3 + [None] * 4
    assert not holds_canary(tmp_path)


def test_a_phone_that_a_workbook_holds_as_a_number_is_the_same_phone(tmp_path: Path) -> None:
    deliveries = own_deliveries(tmp_path, OWN["mobile"] % "phone")
    table = [["卡号", "手机号"], ["1", 13900139001], ["2", "13900139001"]]
    workbook(deliveries.path("cards.xlsx"), lambda book: fill(book.add_worksheet(), table))
    deliveries.land()
    assert [row[0] for row in deliveries.rows("mobile")] == [KEYS.token("13900139001")] * 2


def test_an_id_is_judged_before_it_is_hidden(tmp_path: Path) -> None:
    deliveries = own_deliveries(tmp_path, OWN["mobile"] % r"id, pattern: '\d+'")
    cells = [["1", "'123"], ["2", f"x{CANARY}"], ["3", ""]]
    deliveries.put("cards.csv", csv_text(["卡号", "手机号"], cells))
    deliveries.land()
    assert [row[0] for row in deliveries.rows("mobile")] == [KEYS.token("123"), None]
    assert deliveries.rules() == [(3, "id_pattern", "mobile")]
    assert not holds_canary(tmp_path)


def test_only_rows_of_a_kind_are_hidden(tmp_path: Path) -> None:
    deliveries = own_deliveries(tmp_path, OWN["typed"])
    cells = [["1", "phone", "13900139001"], ["2", "MOBILE", "138****8000"], ["3", "card", "card 7"], ["4", "card", ""]]
    deliveries.put("cards.csv", csv_text(["卡号", "类型", "值"], cells))
    deliveries.land()
    assert [row[0] for row in deliveries.rows("value")] == [KEYS.token("13900139001"), None, "card 7"]
    assert deliveries.rules() == [(5, "required_value_missing", "value")]
    assert not holds_canary(tmp_path)


def test_a_vaulted_phone_is_plain_in_the_vault_alone_and_only_of_rows_that_were_loaded(tmp_path: Path) -> None:
    deliveries = own_deliveries(
        tmp_path, "  amount: {header: [额], type: money}\n", OWN["mobile"].replace("token", "vault") % "phone"
    )
    rows = [["1", "1.00", "13900139001"], ["2", "x", "13900139000"], ["3", "2.00", "-"]]
    deliveries.put("cards.csv", csv_text(["卡号", "额", "手机号"], rows))
    deliveries.land()
    tokens = [KEYS.token(phone) for phone in ("13900139001", "13900139000")]
    assert deliveries.vault
    assert plain_values(deliveries.vault, deliveries.audit, tokens, "publish", "double11") == {tokens[0]: "13900139001"}
    assert not holds_canary(tmp_path)


def fill(sheet: object, table: list[list[object]]) -> None:
    for number, row in enumerate(table):
        sheet.write_row(number, 0, row)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("1990-03-05", "03-05"),
        ("1990/3/5", "03-05"),
        ("1990-12-31 00:00:00", "12-31"),
        ("1990年3月5日", "03-05"),
        ("１９９０.03.05", "03-05"),
        ("3月15日", "03-15"),
        ("03-05", "03-05"),
        ("2000-02-29", "02-29"),
        ("1990-02-30", None),
        ("1990-13-01", None),
        ("1900-01-01", None),
        ("1970/1/1 00:00:00", None),
        ("1970-01-12", "01-12"),
        ("1990-**-**", None),
        ("90后", None),
        ("0000-00-00", None),
        ("", None),
    ],
)
def test_of_a_birthday_the_month_and_the_day_are_kept_and_no_member_is_lost_by_it(
    tmp_path: Path, text: str, kept: str | None
) -> None:
    members = Deliveries(tmp_path, EXPORTS, ("generic", "members"))
    members.put("members.csv", csv_text(["account_id", "joined_at", "birthday"], [["a", "2024-01-02 10:00:00", text]]))
    members.land()
    assert members.rows("account_id, birthday") == [("a", kept)]
