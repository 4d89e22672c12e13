"""What each destination is handed: the very bytes, its limits, and what came and went since the last list."""

import base64
import csv
import hashlib
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.publish import machine_files
from orchestration.publish.audiences import publish_audiences
from orchestration.publish.destinations import DESTINATIONS, MB
from orchestration.publish.recipients import identifier_key
from orchestration.settings import DBT_PROJECT, PROJECT_ROOT
from tests.dbt.test_dialect import _rendered
from tests.unit.publish.shop import ADS, DAY, KEYS, Shop, phone

NEXT = DAY + timedelta(days=1)
HASHES = {
    form: [hashlib.new(form, phone(one).encode()).hexdigest() for one in range(1, 5)] for form in ("sha256", "md5")
}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.open(range(1, 5))
    return shop


def text(shop: Shop, day: date = DAY) -> dict[str, str]:
    """The plain bytes of every machine file, out of its zip."""
    found = {}
    for one in shop.told(day)["files"]:
        file = shop.folder(day) / one["file"]
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as archive:
                [name] = archive.namelist()
                found[one["file"]] = archive.read(name).decode()
        else:
            found[one["file"]] = file.read_text()
    return found


@pytest.mark.parametrize(
    ("channel", "platform", "more", "file", "expected"),
    [
        ("douyin_sms", "douyin", {}, "6001/upload.txt", "open-1\nopen-2\n"),
        ("tmall_sms", "tmall", {}, "6001/upload.txt", "open-1\nopen-2\n"),
        (
            "wecom",
            "wecom",
            {"guide_id": "li.wei@brand-2", "reason": "=1+{}"},
            "li.wei@brand-2/upload.csv",
            "external_user_id,tier,reason,recommended_product_id\nopen-1,high,'=1+1,p1\nopen-2,high,'=1+2,p1\n",
        ),
        (
            "sms",
            "douyin",
            {"variant": "A"},
            "upload.csv",
            "phone,recommended_product_id,variant\n13900000001,p1,A\n13900000002,p1,A\n",
        ),
        ("qianchuan", "douyin", {}, "upload.txt.zip", "\n".join(sorted(HASHES["sha256"][:2])) + "\n"),
        ("tencent_ads", "douyin", {}, "upload.txt.zip", "\n".join(sorted(HASHES["md5"][:2])) + "\n"),
        (
            "parcel",
            "douyin",
            {"order_id": "order-{}", "remark": "@gift, card"},
            "6001/upload.csv",
            'order_id,remark\norder-1,"\'@gift, card"\norder-2,"\'@gift, card"\n',
        ),
    ],
)
def test_each_destination_gets_its_bytes(
    shop: Shop, *, channel: str, platform: str, more: dict[str, str], file: str, expected: str
) -> None:
    shop.run(f"update marts.customer_accounts set platform = '{platform}'")
    shop.decide(channel, [1, 2], **more)
    assert shop.hand_out().status == "written"
    assert text(shop) == {f"channels/{channel}/{file}": expected}
    told = shop.told()
    assert (told["people"], told["ids"], told["without_id"], told["reason"]) == (2, 2, 0, None)


@pytest.mark.parametrize("guide", ["..", ".li", "../li", "li/wei", "li\\wei", ""])
def test_what_could_be_a_path_names_no_part(shop: Shop, guide: str) -> None:
    shop.decide("wecom", [1], guide_id=guide)
    shop.hand_out()
    assert (shop.told()["without_id"], shop.told()["files"]) == (1, [])


def test_a_hash_is_of_the_eleven_digits_in_lower_case(shop: Shop) -> None:
    shop.decide("qianchuan", [1])
    shop.hand_out()
    # as `printf 13900000001 | sha256sum` says
    told = "d786bae3d6432af2ab50bdad0f9644e434f4686a3ff37d6db5037b00d2b08750"
    assert shop.files() == {"channels/qianchuan/upload.txt.zip": [(told,)]}


def test_ocean_engine_gets_a_record_of_each_hash(shop: Shop) -> None:
    shop.decide("ocean_engine", [1])
    shop.hand_out()
    [[(record,)]] = shop.files().values()
    # DmpData.idList (1) of IdItem: dataType (2) = MOBILE_HASH_SHA256 = 6, id (3) of 64 bytes
    assert base64.b64decode(record) == b"\x0a\x44\x10\x06\x1a\x40" + HASHES["sha256"][0].encode()


def test_a_report_has_no_machine_file(shop: Shop) -> None:
    shop.decide("report", [1])
    assert shop.hand_out().rows == 1
    assert (shop.told()["files"], shop.told()["reason"]) == ([], "no machine file: the list itself is all")


def test_one_campaign_may_use_two_channels(shop: Shop) -> None:
    shop.decide("douyin_super_sms", [2])
    shop.decide("douyin_sms", [1])
    shop.hand_out()
    assert {one["channel"]: (one["people"], one["files"][0]["rows"]) for one in shop.manifest()["channels"]} == {
        "douyin_sms": (1, 1),
        "douyin_super_sms": (1, 1),
    }
    assert (shop.folder() / "channels/douyin_super_sms/6001/upload.txt").read_text() == "open-2\n"


@pytest.mark.parametrize(("channel", "minimum"), [("tmall_databank", 5_000), ("dmp_damo", 2_001)])
def test_a_list_below_the_minimum_is_not_written_and_the_manifest_says_why(
    shop: Shop, channel: str, minimum: int
) -> None:
    shop.decide(channel, [1, 2])
    assert shop.hand_out().status == "written"
    assert shop.told()["files"] == [] and not (shop.folder() / "channels").exists()
    assert shop.told()["reason"] == f"below the minimum: 2 ids, the destination takes {minimum} or more"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"maximum": 1}, "above the maximum: 2 ids, the destination takes 1"),
        ({"name_length": 5}, "the campaign's name has 6 characters, the destination takes 5: rename it"),
    ],
)
def test_what_a_destination_would_not_take_is_not_written(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, change: dict[str, int], reason: str
) -> None:
    monkeypatch.setitem(DESTINATIONS, "douyin_sms", replace(DESTINATIONS["douyin_sms"], **change))  # type: ignore[arg-type]
    shop.decide("douyin_sms", [1, 2])
    shop.hand_out()
    assert (shop.told()["reason"], shop.told()["files"]) == (reason, [])


# a line "open-1" has seven bytes; a header none
@pytest.mark.parametrize("change", [{"rows_per_file": 2}, {"bytes_per_file": 14}, {"bytes_per_file": 20}])
def test_a_file_is_divided_before_it_breaks_a_limit(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, change: dict[str, int]
) -> None:
    monkeypatch.setitem(DESTINATIONS, "douyin_sms", replace(DESTINATIONS["douyin_sms"], **change))  # type: ignore[arg-type]
    shop.decide("douyin_sms", [1, 2, 3])
    shop.hand_out()
    folder = "channels/douyin_sms/6001"
    assert text(shop) == {f"{folder}/upload.txt": "open-1\nopen-2\n", f"{folder}/upload-2.txt": "open-3\n"}


def test_limits_are_those_that_the_destinations_state() -> None:
    megabytes = {name: one.bytes_per_file // 1_000_000 for name, one in DESTINATIONS.items()}
    assert {name: megabytes[name] for name in ("wecom", "qianchuan", "ocean_engine", "tencent_ads")} == {
        "wecom": 10,
        "qianchuan": 25,
        "ocean_engine": 50,
        "tencent_ads": 100,
    }
    assert DESTINATIONS["qianchuan"].name_length == 30
    assert {name for name, one in DESTINATIONS.items() if one.consent_purpose == "share_with_ad_platform"} == {*ADS}


def test_the_documents_state_what_each_destination_takes() -> None:
    text = (PROJECT_ROOT / "docs" / "audiences" / "delivery.md").read_text()
    with (DBT_PROJECT / "seeds" / "channels.csv").open(encoding="utf-8") as file:
        channels = list(csv.DictReader(file))
    for name, one in DESTINATIONS.items():
        minimum = max([one.minimum, *(int(row["minimum_size"]) for row in channels if row["destination"] == name)])
        told = [one.id_type, f", {one.form}" if one.id_type == "phone" else ""]
        told += [f", by {one.divided_by}" if one.divided_by else ""]
        cells = [f"`{name}`", "".join(told), f"{minimum:,}", f"{one.maximum:,}", f"{one.bytes_per_file // MB} MB"]
        cells += [f"{one.rows_per_file:,}", "yes" if one.is_zipped else "no", str(one.expiry_hours)]
        assert f"| {' | '.join([*cells, one.consent_purpose or 'none'])} |" in text


def test_what_came_and_went_since_the_last_list_stands_beside_the_whole_one(shop: Shop) -> None:
    shop.decide("qianchuan", [1, 2])
    shop.decide("qianchuan", [2, 3, 4], day=NEXT)
    assert shop.hand_out(DAY, NEXT).status == "written"
    assert shop.told()["changes_since"] is None and len(shop.files()) == 1
    rows = {Path(name).name: {one for (one,) in rows} for name, rows in shop.files(NEXT).items()}
    one, two, three, four = HASHES["sha256"]
    assert rows == {"upload.txt.zip": {two, three, four}, "append.txt.zip": {three, four}, "remove.txt.zip": {one}}
    assert shop.told(NEXT)["changes_since"] == str(DAY)


def test_who_left_is_removed_also_where_the_list_fell_below_the_minimum(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(DESTINATIONS, "qianchuan", replace(DESTINATIONS["qianchuan"], minimum=2))
    one, two, _, four = HASHES["sha256"]
    lists = ([1, 2], [2], [], [3], [1, 4])
    expected = (
        {"upload": {one, two}},
        {"remove": {one}},  # 2 stays, since nothing says otherwise
        {"remove": {two}},
        {},  # 3 alone is no list, and there is nobody to remove
        {"upload": {one, four}, "append": {one, four}},
    )
    since = (None, DAY, NEXT, NEXT + timedelta(days=1), NEXT + timedelta(days=1))
    for number, (people, found, base) in enumerate(zip(lists, expected, since, strict=True)):
        day = DAY + timedelta(days=number)
        shop.decide("qianchuan", people, day=day)
        assert shop.hand_out(day).status == "written"
        told = {Path(name).name.partition(".")[0]: {one for (one,) in rows} for name, rows in shop.files(day).items()}
        assert (told, shop.told(day)["changes_since"]) == (found, str(base) if base else None)


def test_a_channel_that_a_campaign_has_left_is_told_to_remove_its_people(shop: Shop) -> None:
    shop.decide("qianchuan", [1, 2])
    shop.decide("douyin_sms", [2], day=NEXT)
    assert shop.hand_out(DAY, NEXT).status == "written"
    told = {one["channel"]: one for one in shop.manifest(NEXT)["channels"]}
    assert [one["kind"] for one in told["qianchuan"]["files"]] == ["remove"]
    assert told["qianchuan"]["reason"] == "nobody is on the list"
    removed = machine_files.read(shop.folder(NEXT) / "channels/qianchuan/remove.txt.zip")[1]
    assert {one for (one,) in removed} == set(HASHES["sha256"][:2])
    shop.decide("douyin_sms", [3], day=NEXT + timedelta(days=1))
    shop.hand_out(NEXT + timedelta(days=1))
    assert shop.told(NEXT + timedelta(days=1))["channel"] == "douyin_sms"  # there is nobody left to remove


def test_who_is_kept_after_a_campaign_is_removed_once(shop: Shop) -> None:
    last = date(2026, 3, 31)
    after = [last + timedelta(days=number) for number in (1, 2, 3)]
    shop.decide("qianchuan", [1, 2])
    shop.hand_out(DAY)
    shop.decide("qianchuan", [2, 3], day=last)
    shop.hand_out(last, *after[:2])
    assert shop.told(last)["changes_since"] == str(DAY)
    [(name, removed)] = shop.files(after[0]).items()
    assert (Path(name).name, {one for (one,) in removed}) == ("remove.txt.zip", set(HASHES["sha256"][1:3]))
    assert shop.manifest(after[0])["explanation"] == "the campaign is over: whoever its destinations kept is removed"
    assert shop.hand_out(after[0]).status == "unchanged"
    assert publish_audiences(shop.warehouse, shop.lists, after[1:], shop.means) == []
    assert sorted(folder.name for folder in shop.folder().parent.iterdir()) == [str(DAY), str(last), str(after[0])]


@pytest.mark.parametrize(("channel", "kinds"), [("tencent_ads", ["remove"]), ("douyin_sms", None)])
def test_a_campaign_that_left_the_plan_leaves_audiences_that_are_kept(
    shop: Shop, channel: str, kinds: list[str] | None
) -> None:
    shop.decide(channel, [1, 2])
    shop.hand_out()
    shop.run("delete from marts.campaigns")
    publish_audiences(shop.warehouse, shop.lists, [NEXT], shop.means)
    assert (shop.folder(NEXT).exists() and [one["kind"] for one in shop.told(NEXT)["files"]]) == (kinds or False)


def test_the_same_list_gives_the_same_bytes_and_is_never_written_again(shop: Shop, tmp_path: Path) -> None:
    other = Shop(tmp_path / "other")
    other.home.mkdir()
    other.open(range(1, 5))
    for one in (shop, other):
        one.decide("qianchuan", [1, 2])
        one.hand_out()
    files = {file: file.stat().st_ino for file in shop.lists.rglob("[!.]*.*")}
    assert {file.relative_to(shop.lists): file.read_bytes() for file in files} == {
        file.relative_to(other.lists): file.read_bytes() for file in other.lists.rglob("[!.]*.*")
    }
    assert shop.hand_out().status == "unchanged"
    assert {file: file.stat().st_ino for file in shop.lists.rglob("[!.]*.*")} == files
    assert {oct(file.stat().st_mode & 0o777) for file in files} == {"0o600"}


def test_a_list_goes_stale(shop: Shop) -> None:
    shop.decide("douyin_sms", [1])
    shop.hand_out()
    assert shop.told()["expires_at"] == "2026-03-12T00:00:00+08:00"


def test_who_has_no_id_of_the_type_is_counted(shop: Shop) -> None:
    shop.vault.forget([KEYS.token(phone(2))])
    shop.run("update marts.customer_identifiers set valid_to = '2026-03-10' where customer_key = 3")
    shop.run(
        "insert into marts.customer_identifiers select 99, 99, id_type, identifier_key, null, null, null"
        " from marts.customer_identifiers where customer_key = 4"
    )  # a number that somebody else has too
    shop.decide("sms", [1, 2, 3, 4])
    shop.hand_out()
    assert (shop.told()["people"], shop.told()["ids"], shop.told()["without_id"]) == (4, 1, 3)
    assert [row[0] for row in shop.files()["channels/sms/upload.csv"]] == [phone(1)]


def test_the_number_that_a_person_got_last_is_the_one(shop: Shop) -> None:
    shop.run("delete from marts.customer_accounts where customer_key = 2")
    shop.run("update marts.customer_identifiers set customer_key = 1, valid_from = '2026-02-01' where customer_key = 2")
    shop.decide("sms", [1])
    shop.hand_out()
    assert [row[0] for row in shop.files()["channels/sms/upload.csv"]] == [phone(2)]


def test_a_number_that_went_to_somebody_else_is_his_and_no_more_the_one_before(shop: Shop) -> None:
    """1 has given up his number for another; 2 has it since, in the place of his own."""
    shop.vault.store({KEYS.token(phone(9)): phone(9)})
    for person, number in ((1, 9), (2, 1)):
        key = identifier_key(KEYS.token(phone(number)))
        row = f"{person}, {person}, 'phone', {key}, '2026-03-11 12:00:00', null, null"
        shop.run(f"insert into marts.customer_identifiers values ({row})")
    for day in (DAY, NEXT):
        shop.decide("sms", [1, 2], day)
    shop.hand_out(DAY, NEXT)
    told = {day: [row[0] for row in shop.files(day)["channels/sms/upload.csv"]] for day in (DAY, NEXT)}
    assert told == {DAY: [phone(1), phone(2)], NEXT: [phone(1), phone(9)]}
    assert shop.told(NEXT)["without_id"] == 0


@pytest.mark.parametrize("account", ["=cmd|calc", "-1", "+1", "@x", "with space", "a\nb", "138****1234", "'quoted"])
def test_a_machine_file_holds_only_what_its_pattern_allows(shop: Shop, account: str) -> None:
    shop.run(
        f"update marts.customer_accounts set account_id = '{account.replace(chr(39), chr(39) * 2)}'"
        " where customer_key = 1"
    )
    shop.decide("douyin_sms", [1, 2])
    if account == "a\nb":
        assert "account_id" in str(shop.hand_out().reason)
        return
    shop.hand_out()
    assert text(shop) == {"channels/douyin_sms/6001/upload.txt": "open-2\n"} and shop.told()["without_id"] == 1


def test_reading_the_vault_is_logged_and_nothing_plain_or_hashed_is_told(shop: Shop) -> None:
    shop.decide("sms", [1, 2])
    shop.hand_out()
    accesses = shop.audit.query("select reader, purpose, token_count from vault_accesses")
    assert accesses == [{"reader": "publish", "purpose": "spring of 2026-03-10 by sms", "token_count": 2}]
    told = (shop.folder() / "manifest.json").read_text() + (shop.folder() / "members.csv").read_text()
    assert not any(word in told for word in (phone(1), HASHES["sha256"][0], HASHES["md5"][0], KEYS.token(phone(1))))


def test_the_vault_stays_shut_where_no_phone_is_needed(shop: Shop) -> None:
    shop.decide("douyin_sms", [1])
    shop.hand_out()
    assert shop.audit.query("select * from vault_accesses") == []


def test_a_phone_is_found_by_the_key_that_the_models_give_it(shop: Shop) -> None:
    key = _rendered("duckdb", "surrogate_key", ["'phone'", "null", "null", f"'{KEYS.token(phone(1))}'"])
    assert duckdb.sql(f"select {key}").fetchall() == [(identifier_key(KEYS.token(phone(1))),)]


def test_nobody_qualified_gives_an_empty_list_that_says_so(shop: Shop) -> None:
    shop.decide("qianchuan", [])
    assert shop.hand_out().rows == 0
    manifest = shop.manifest()
    assert manifest["explanation"] == "no candidate: nobody met the campaign's conditions on this day"
    assert (shop.told()["reason"], shop.told()["files"]) == ("nobody is on the list", [])
    assert (shop.folder() / "members.csv").read_text().count("\n") == 1


def test_an_empty_list_of_candidates_who_are_all_out_says_why(shop: Shop) -> None:
    shop.decide("douyin_sms", [1, 2], suppressed_reason="opted_out")
    shop.decide("douyin_sms", [3], arm="control")
    shop.hand_out()
    assert shop.manifest()["explanation"] == (
        "candidates, and none to be written to: 2 left out (opted_out), 1 in the control group"
    )
