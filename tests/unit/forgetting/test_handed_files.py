"""A person leaves the files that channels were handed too: by account, order, plain number and each of its hashes."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from orchestration.forgetting.erasure import _with_phones
from orchestration.forgetting.person import Person
from orchestration.forgetting.published import erase_from_lists, rows_in_lists
from orchestration.publish import machine_files
from orchestration.publish.recipients import FORMS
from orchestration.settings import Settings
from orchestration.verify import audience_lists
from tests.unit.forgetting.conftest import broken_off_at
from tests.unit.publish.shop import DAY, KEYS, Shop, phone

NEXT = DAY + timedelta(days=1)
SECOND = Person(
    accounts=(("douyin", "6001", "open-2"), ("wecom", "corp", "wm-2")),
    orders=(("order", "douyin", "", "order-2"),),
    tokens=(KEYS.token(phone(2)),),
    customers=(2,),
)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.open(range(1, 4))
    return shop


@pytest.fixture
def person(shop: Shop) -> Person:
    """As a command knows them that has looked into the vault."""
    return _with_phones(SECOND, shop.vault, shop.audit)


def problems(shop: Shop) -> list[object]:
    return [found.problem for found in audience_lists(Settings(home=shop.home)) if found.problem]


@pytest.mark.parametrize(
    ("channel", "left"),
    [
        ("douyin_sms", "open-1"),
        ("sms", phone(1)),
        ("qianchuan", FORMS["sha256"](phone(1))),
        ("tencent_ads", FORMS["md5"](phone(1))),
        ("ocean_engine", FORMS["sha256_record"](phone(1))),
        ("parcel", "order-1"),
    ],
)
def test_rows_of_every_destination_go_and_the_manifest_says_so(
    shop: Shop, person: Person, channel: str, left: str
) -> None:
    shop.decide(channel, [1, 2], order_id="order-{}")
    shop.hand_out()
    assert rows_in_lists(shop.lists, person) == 2
    assert erase_from_lists(shop.lists, person) == (2, 1)
    [rows] = shop.files().values()
    assert [row[0] for row in rows] == [left]
    [told] = shop.told()["files"]
    assert (told["rows"], told["forgotten"]) == (1, 1)
    assert not problems(shop) and rows_in_lists(shop.lists, person) == 0


def test_what_was_appended_and_removed_is_emptied_of_them(shop: Shop, person: Person) -> None:
    shop.decide("qianchuan", [1, 2])
    shop.decide("qianchuan", [3], day=NEXT)
    shop.hand_out(DAY, NEXT)
    erase_from_lists(shop.lists, person)
    gone = {FORMS["sha256"](phone(2))}
    assert not any(gone & set(machine_files.ids([file])) for file in shop.lists.rglob("*.zip"))
    assert not problems(shop)


def test_the_same_account_id_in_another_shop_is_somebody_elses(shop: Shop, person: Person) -> None:
    shop.run("update marts.customer_accounts set shop_id = '7007' where customer_key = 2")
    shop.decide("douyin_sms", [1, 2])
    shop.hand_out()
    assert erase_from_lists(shop.lists, Person(accounts=SECOND.accounts)) == (0, 0)


def test_what_a_killed_run_left_of_a_list_goes(shop: Shop, person: Person) -> None:
    shop.decide("douyin_sms", [1, 2])
    shop.hand_out()
    (shop.folder() / "manifest.json").unlink()
    erase_from_lists(shop.lists, person)
    assert [file for file in shop.folder().rglob("*") if file.is_file()] == []


@pytest.mark.parametrize("write", range(1, 5))
def test_broken_off_at_any_write_it_can_be_done_again(shop: Shop, person: Person, write: int) -> None:
    shop.decide("sms", [1, 2])
    shop.hand_out()
    with broken_off_at(write):
        erase_from_lists(shop.lists, person)
    erase_from_lists(shop.lists, person)
    assert not problems(shop) and rows_in_lists(shop.lists, person) == 0
    told = json.loads((shop.folder() / "manifest.json").read_text())
    assert (told["forgotten"], told["channels"][0]["files"][0]["forgotten"]) == (1, 1)
