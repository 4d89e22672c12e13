"""Audience lists: who is on them, the manifest as commit point, and the check of the very bytes."""

import csv
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import pytest

from orchestration.publish import audiences, writers
from orchestration.publish.audiences import AudienceList
from tests.unit.publish.fake_warehouse import DAY, NOTHING_MORE, hand_out


@pytest.fixture
def lists(published: Path) -> Path:
    return published / "audiences"


SPRING = Path("spring", "2024-05-06")


def contents(lists: Path) -> dict[Path, tuple[int, bytes]]:
    """Every file that was delivered, to the inode."""
    return {file: (file.stat().st_ino, file.read_bytes()) for file in lists.glob("*/*/*.*")}


def listed(folder: Path) -> list[dict[str, str]]:
    manifest = json.loads((folder / "manifest.json").read_text())
    file = folder / manifest["file"]
    assert writers.sha256(file) == manifest["sha256"]
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    assert (len(rows), list(rows[0]) if rows else manifest["columns"]) == (manifest["rows"], manifest["columns"])
    return rows


def test_a_list_holds_the_treatment_arm_with_every_account(warehouse: Path, lists: Path) -> None:
    assert hand_out(warehouse, lists, [DAY])[0] == AudienceList("spring", DAY, "written", 3)
    rows = listed(lists / "spring" / "2024-05-06")
    assert [(row["customer_key"], row["platform"], row["account_id"]) for row in rows] == [
        ("1", "douyin", "'=cmd|calc"),
        ("2", "douyin", "open-2"),
        ("2", "tmall", "张三"),
    ]
    assert rows[0]["reason"] == "' =1+1" and rows[0]["channel"] == "sms"


def test_the_manifest_is_made_of_content_only(warehouse: Path, lists: Path) -> None:
    hand_out(warehouse, lists, [DAY])
    manifest = json.loads((lists / "spring" / "2024-05-06" / "manifest.json").read_text())
    assert manifest["parameters"] == {
        "filter": [[["net_amount", ">=", ["500"]]]],
        "holdout_ratio": "0.100000",
        "min_days": 7,
        "product_ids": "p1;p2",
        "touch_cap_3d": 1,
    }
    assert (manifest["arms"], manifest["suppressed"]) == ({"control": 1, "treatment": 2}, {"opted_out": 1})
    assert (manifest["template"], manifest["as_of_date"], manifest["rows"]) == ("new_members", "2024-05-06", 3)


def test_publishing_again_changes_nothing(warehouse: Path, lists: Path) -> None:
    hand_out(warehouse, lists, [DAY])
    before = {file: (file.stat().st_ino, file.stat().st_mtime_ns) for file in lists.glob("*/*/*")}
    assert {one.status for one in hand_out(warehouse, lists, [DAY])} == {"unchanged"}
    assert {file: (file.stat().st_ino, file.stat().st_mtime_ns) for file in lists.glob("*/*/*")} == before
    assert {oct(file.stat().st_mode & 0o777) for file in before} == {"0o600"}


def test_an_active_campaign_without_members_has_an_empty_list(warehouse: Path, lists: Path) -> None:
    assert hand_out(warehouse, lists, [DAY, date(2024, 6, 1)])[1:] == [AudienceList("派样", DAY, "written", 0)]
    assert listed(lists / "派样" / "2024-05-06") == []


@pytest.mark.parametrize("name", ["../../evil", "a/b", "", "with space", "x" * 65, "a\n", "=1+1", "'; drop table x"])
def test_a_campaign_id_that_is_no_folder_name_is_blocked(
    warehouse: Path, lists: Path, change: Callable[[str], None], name: str
) -> None:
    change(
        f"update marts.campaigns set campaign_id = '{name.replace(chr(39), chr(39) * 2)}' where campaign_id = '派样'"
    )
    results = {one.campaign_id: one for one in hand_out(warehouse, lists, [DAY])}
    assert results[name].status == "blocked" and "rename it" in str(results[name].reason)
    assert results["spring"].status == "written"
    assert sorted(folder.name for folder in lists.iterdir()) == [".lock", "spring"]


@pytest.mark.parametrize("outsider", ["3", "4", "99"])
def test_bytes_that_name_an_outsider_are_never_shown(
    warehouse: Path, lists: Path, monkeypatch: pytest.MonkeyPatch, outsider: str
) -> None:
    hand_out(warehouse, lists, [DAY])
    before = {file: file.read_bytes() for file in lists.glob("*/*/*")}
    real = audiences._members

    def corrupted(*arguments: object) -> object:
        yield from real(*arguments)  # type: ignore[arg-type]
        yield ("spring", DAY, outsider, "douyin", "6001", "x", "t", "r", "p", "sms", *NOTHING_MORE)

    monkeypatch.setattr(audiences, "_members", corrupted)
    result = hand_out(warehouse, lists, [DAY])[0]
    assert result.status == "blocked" and "suppressed or in control" in str(result.reason)
    assert {file: file.read_bytes() for file in lists.glob("*/*/*")} == before


def test_a_list_that_lost_a_member_on_the_way_is_blocked(
    warehouse: Path, lists: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audiences, "_members", lambda *_: iter(()))
    result = hand_out(warehouse, lists, [DAY])[0]
    assert result.reason == "the file holds 0 rows of 0 customers, not 0 of 2"


def test_a_customer_without_an_account_is_not_silently_left_out(
    warehouse: Path, lists: Path, change: Callable[[str], None]
) -> None:
    change("delete from marts.customer_accounts where customer_key = 1")
    result = hand_out(warehouse, lists, [DAY])[0]
    assert result.reason == "the file holds 2 rows of 1 customers, not 2 of 2"


def test_failing_at_any_write_leaves_a_list_that_its_manifest_describes_or_none(
    warehouse: Path, lists: Path, full_disk: Callable[[], AbstractContextManager[None]]
) -> None:
    with full_disk():
        hand_out(warehouse, lists, [DAY])
    whole = {file.parent.parent.name: listed(file.parent) for file in lists.glob("*/*/manifest.json")}
    assert whole.get("派样", []) == [] and len(whole.get("spring", "abc")) == 3
    hand_out(warehouse, lists, [DAY])
    assert len(listed(lists / SPRING)) == 3
    assert sorted(file.name for file in (lists / SPRING).iterdir()) == ["manifest.json", "members.csv"]


def test_what_a_killed_run_left_of_a_list_that_is_not_due_goes(warehouse: Path, lists: Path) -> None:
    left = lists / "autumn" / "2024-05-06" / "members.csv"
    left.parent.mkdir(parents=True)
    left.write_text("campaign_id")
    assert {one.campaign_id for one in hand_out(warehouse, lists, [DAY])} == {"spring", "派样"}
    assert not left.parent.exists()


def test_what_others_put_into_the_folder_of_a_list_stays(warehouse: Path, lists: Path) -> None:
    note = lists / "autumn" / "2024-05-06" / "note.txt"
    note.parent.mkdir(parents=True)
    note.touch()
    hand_out(warehouse, lists, [DAY])
    assert note.exists()
