"""Delivered lists stay as they are; what they would be now lies beside them, with the difference."""

import csv
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import pytest

from orchestration.partitions import Window
from orchestration.publish import audiences
from orchestration.publish.recomputed import recomputations
from orchestration.publish.writers import sha256
from orchestration.runs import _recomputed
from orchestration.settings import Settings
from orchestration.status import overview
from tests.unit.publish.fake_warehouse import DAY, NOTHING_MORE, hand_out
from tests.unit.publish.test_audiences import SPRING, contents, listed

Change = Callable[[str], None]
# Customer 2 opts out, 3 comes in, 1 has another tier; all others stay.
LATER = """
update outputs.audience_decisions set suppressed_reason = 'opted_out', arm = null where customer_key = 2;
update outputs.audience_decisions set arm = 'treatment' where customer_key = 3;
update outputs.audience_decisions set tier = 'low' where customer_key = 1;
"""


@pytest.fixture
def lists(warehouse: Path, published: Path) -> Path:
    """Delivered lists, of two days."""
    hand_out(warehouse, published / "audiences", [date(2024, 5, 5), DAY])
    return published / "audiences"


def statuses(warehouse: Path, lists: Path) -> dict[str, str]:
    return {one.campaign_id: one.status for one in hand_out(warehouse, lists, [DAY])}


def difference(folder: Path) -> list[tuple[str, ...]]:
    rows = csv.DictReader((folder / "recomputed" / "difference.csv").read_text(encoding="utf-8").splitlines())
    return [(row["change"], row["customer_key"], row["account_id"], row["current_decision"]) for row in rows]


def told(folder: Path) -> dict[str, object]:
    manifest = json.loads((folder / "recomputed" / "manifest.json").read_text(encoding="utf-8"))
    return {name: manifest["difference"][name] for name in ("rows", "customers_added", "customers_removed", "reason")}


def test_a_delivered_list_never_changes_and_the_recomputed_one_lies_beside(
    warehouse: Path, lists: Path, change: Change
) -> None:
    before = contents(lists)
    change(LATER)
    assert statuses(warehouse, lists) == {"spring": "recomputed", "派样": "unchanged"}
    assert contents(lists) == before
    beside = lists / SPRING / "recomputed"
    assert [row["customer_key"] for row in listed(beside)] == ["1", "3"]
    assert {file.name: oct(file.stat().st_mode & 0o777) for file in beside.iterdir()} == dict.fromkeys(
        ("members.csv", "manifest.json", "difference.csv"), "0o600"
    )
    assert json.loads((beside / "manifest.json").read_text())["delivered"]["rows"] == 3


def test_the_difference_names_every_row_and_why_it_went(warehouse: Path, lists: Path, change: Change) -> None:
    change(LATER)
    hand_out(warehouse, lists, [DAY])
    assert difference(lists / SPRING) == [
        ("added", "1", "'=cmd|calc", "treatment"),
        ("added", "3", "open-3", "treatment"),
        ("removed", "1", "'=cmd|calc", "treatment"),
        ("removed", "2", "open-2", "opted_out"),
        ("removed", "2", "张三", "opted_out"),
    ]
    assert told(lists / SPRING) == {"rows": 5, "customers_added": 1, "customers_removed": 1, "reason": None}
    [one] = recomputations(lists)
    path = lists / SPRING / "recomputed" / "difference.csv"
    assert str(one) == f"list spring of 2024-05-06 was delivered; what is known now gives +1 −1: {path}"
    assert list(recomputations(lists, [date(2024, 5, 5)])) == []


def test_a_later_recomputation_replaces_the_last_and_an_equal_one_removes_it(
    warehouse: Path, lists: Path, change: Change
) -> None:
    before = contents(lists)
    change(LATER)
    hand_out(warehouse, lists, [DAY])
    files = {file: file.stat().st_ino for file in (lists / SPRING / "recomputed").iterdir()}
    hand_out(warehouse, lists, [DAY])
    assert {file: file.stat().st_ino for file in (lists / SPRING / "recomputed").iterdir()} == files
    change("update outputs.audience_decisions set arm = 'control' where customer_key = 1")
    hand_out(warehouse, lists, [DAY])
    assert [row["customer_key"] for row in listed(lists / SPRING / "recomputed")] == ["3"]
    change("update outputs.audience_decisions set arm = 'control' where customer_key = 3")
    change("update outputs.audience_decisions set arm = 'treatment', tier = 'high' where customer_key = 1")
    change("update outputs.audience_decisions set suppressed_reason = null, arm = 'treatment' where customer_key = 2")
    assert statuses(warehouse, lists)["spring"] == "unchanged"
    assert contents(lists) == before and not (lists / SPRING / "recomputed").exists()


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("delete from marts.campaigns where campaign_id = 'spring'", "campaign_left_plan"),
        ("update marts.campaigns set end_date = date '2024-05-05' where campaign_id = 'spring'", "day_not_in_campaign"),
    ],
)
def test_a_list_that_is_no_longer_due_keeps_its_files(
    warehouse: Path, lists: Path, change: Change, sql: str, reason: str
) -> None:
    before = contents(lists)
    change(f"{sql}; delete from outputs.audience_decisions")
    assert statuses(warehouse, lists) == {"spring": "recomputed", "派样": "unchanged"}
    assert contents(lists) == before
    assert listed(lists / SPRING / "recomputed") == []
    assert told(lists / SPRING) == {"rows": 3, "customers_added": 0, "customers_removed": 2, "reason": reason}
    assert {row[-1] for row in difference(lists / SPRING)} == {reason}
    assert f"+0 −2 ({reason}): " in str(next(recomputations(lists)))


def test_a_customer_of_whom_nothing_is_decided_any_more_is_no_candidate(
    warehouse: Path, lists: Path, change: Change
) -> None:
    change("delete from outputs.audience_decisions where customer_key = 1")
    hand_out(warehouse, lists, [DAY])
    assert difference(lists / SPRING) == [("removed", "1", "'=cmd|calc", "no_longer_candidate")]


def test_a_column_that_was_added_since_says_nothing_of_a_delivered_list(
    warehouse: Path, lists: Path, change: Change
) -> None:
    members, book = (lists / SPRING / name for name in ("members.csv", "manifest.json"))
    rows = list(csv.reader(members.read_text(encoding="utf-8").splitlines()))
    added = rows[0].index("coupon_link")
    with members.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([*row[:added], *row[added + 1 :]] for row in rows)
    manifest = json.loads(book.read_text(encoding="utf-8"))
    manifest["columns"].remove("coupon_link")
    book.write_text(json.dumps(manifest | {"sha256": sha256(members)}), encoding="utf-8")
    change("""create table kept as from outputs.audience_members; drop view outputs.audience_members;
        create view outputs.audience_members as select * replace ('https://shop.example' as coupon_link) from kept""")
    assert statuses(warehouse, lists)["spring"] == "unchanged"
    change("create or replace view outputs.audience_members as select * replace ('low' as tier) from kept")
    assert statuses(warehouse, lists)["spring"] == "recomputed"


def test_an_influencer_by_another_name_makes_no_other_list(warehouse: Path, lists: Path, change: Change) -> None:
    change("""create table kept as from outputs.audience_members; drop view outputs.audience_members;
        create view outputs.audience_members as select * replace ('Lin' as influencer_name) from kept""")
    assert statuses(warehouse, lists)["spring"] == "unchanged"


def test_an_empty_list_that_was_delivered_stays_empty(warehouse: Path, lists: Path, change: Change) -> None:
    change(
        "insert into outputs.audience_decisions select '派样', as_of_date, 1, 'sample', tier, reason, null, arm, 'p', 1"
        " from outputs.audience_decisions where customer_key = 1"
    )
    assert statuses(warehouse, lists)["派样"] == "recomputed"
    assert listed(lists / "派样" / "2024-05-06") == []
    assert told(lists / "派样" / "2024-05-06")["customers_added"] == 1


def test_the_bytes_of_a_recomputed_list_are_checked_too(
    warehouse: Path, lists: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = audiences._members

    def corrupted(*arguments: object) -> object:
        yield from real(*arguments)  # type: ignore[arg-type]
        yield ("spring", DAY, "4", "douyin", "6001", "x", "t", "r", "p", "sms", *NOTHING_MORE)

    monkeypatch.setattr(audiences, "_members", corrupted)
    assert statuses(warehouse, lists)["spring"] == "blocked"
    assert not (lists / SPRING / "recomputed").exists()


def test_a_delivered_file_that_somebody_altered_is_told(warehouse: Path, lists: Path, change: Change) -> None:
    (lists / SPRING / "members.csv").write_text("mine now")
    for later in ("", LATER):  # also where the list would be the same
        change(later)
        result = hand_out(warehouse, lists, [DAY])[0]
        assert result.status == "blocked" and "put it back" in str(result.reason)


def test_a_delivered_list_without_its_manifest_is_told_and_left_alone(
    warehouse: Path, lists: Path, change: Change
) -> None:
    change(LATER)
    hand_out(warehouse, lists, [DAY])
    (lists / SPRING / "manifest.json").unlink()
    before = contents(lists)
    result = hand_out(warehouse, lists, [DAY])[0]
    assert result.status == "blocked" and "manifest.json is gone: put it back" in str(result.reason)
    assert contents(lists) == before


def test_failing_at_any_write_leaves_the_delivered_list_and_a_whole_recomputed_one_or_none(
    warehouse: Path, lists: Path, change: Change, full_disk: Callable[[], AbstractContextManager[None]]
) -> None:
    before = contents(lists)
    change("update outputs.audience_decisions set arm = 'control' where customer_key = 2")
    hand_out(warehouse, lists, [DAY])
    change(LATER)
    with full_disk():
        hand_out(warehouse, lists, [DAY])
    beside = lists / SPRING / "recomputed"
    if (beside / "manifest.json").exists():
        assert [row["customer_key"] for row in listed(beside)] in (["1"], ["1", "3"])
    hand_out(warehouse, lists, [DAY])
    assert contents(lists) == before
    assert [row["customer_key"] for row in listed(beside)] == ["1", "3"]
    assert sorted(file.name for file in beside.iterdir()) == ["difference.csv", "manifest.json", "members.csv"]


def test_a_run_and_the_status_name_what_would_differ(warehouse: Path, lists: Path, change: Change) -> None:
    installation = Settings(home=lists.parents[1])
    title = "Delivered lists that would be others now"
    assert overview(installation)[title][1] == []
    change(LATER)
    hand_out(warehouse, lists, [DAY])
    [row] = overview(installation)[title][1]
    assert row[:5] == ["spring", DAY, 1, 1, None]
    [line] = _recomputed(installation, Window(DAY, DAY))
    assert line.startswith("list spring of 2024-05-06 was delivered; what is known now gives +1 −1: /")
    assert list(_recomputed(installation, Window(date(2024, 5, 5), date(2024, 5, 5)))) == []
