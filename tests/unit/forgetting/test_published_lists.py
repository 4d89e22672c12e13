"""Lists of all days lose the person's rows, and their manifests stay true, whenever the command is broken off."""

import json
from pathlib import Path

import duckdb
import pytest

from orchestration.forgetting.person import ForgettingError, Person
from orchestration.forgetting.published import erase_from_lists
from orchestration.publish import writers
from orchestration.verify import audience_lists
from tests.unit.forgetting.conftest import PHONE, SHARED, Home, broken_off_at

HEADER = "campaign_id,as_of_date,customer_key,platform,shop_id,account_id"
CARA = Person(accounts=(("generic", "default", "cara-app"),), customers=(7,))


def rows(*people: str) -> bytes:
    return "\n".join([HEADER, *(f"c1,2024-03-01,{person}" for person in people), ""]).encode()


ANNA_ROW, CARA_ROW = "5,generic,default,anna-app", "7,generic,default,cara-app"


def put(folder: Path, file: str, content: bytes) -> dict[str, object]:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_bytes(content)
    return {"file": file, "rows": content.count(b"\n") - 1, "sha256": writers.sha256(folder / file)}


@pytest.fixture
def audiences(home: Home) -> Path:
    """A list with a recomputed one beside it, and a list of another day without her."""
    folder = home.settings.audiences / "c1" / "2024-03-01"
    delivered = put(folder, "members.csv", rows(ANNA_ROW, CARA_ROW))
    beside = put(folder / "recomputed", "members.csv", rows(CARA_ROW))
    difference = put(folder / "recomputed", "difference.csv", rows(ANNA_ROW))
    other = put(home.settings.audiences / "c1" / "2024-03-02", "members.csv", rows(ANNA_ROW))
    beside |= {"delivered": delivered, "difference": difference | {"reason": None}}
    for place, said in ((folder, delivered), (folder / "recomputed", beside), (folder.with_name("2024-03-02"), other)):
        (place / "manifest.json").write_bytes(writers.json_bytes(said))
    return home.settings.audiences


def problems(home: Home) -> list[object]:
    return [finding.problem for finding in audience_lists(home.settings) if finding.problem]


def test_rows_go_and_manifests_say_so(home: Home, audiences: Path) -> None:
    other = (audiences / "c1" / "2024-03-02" / "manifest.json").read_bytes()
    assert not problems(home)
    assert erase_from_lists(audiences, CARA) == (2, 2)
    folder = audiences / "c1" / "2024-03-01"
    assert (folder / "members.csv").read_bytes() == rows(ANNA_ROW)
    delivered, beside = (json.loads((place / "manifest.json").read_text()) for place in (folder, folder / "recomputed"))
    assert (delivered["rows"], delivered["forgotten"]) == (1, 1)
    assert beside["delivered"]["sha256"] == delivered["sha256"] and beside["rows"] == 0
    assert not problems(home) and (audiences / "c1" / "2024-03-02" / "manifest.json").read_bytes() == other
    assert erase_from_lists(audiences, CARA) == (0, 0)


@pytest.mark.parametrize("write", range(1, 9))
def test_broken_off_at_any_write_it_can_be_done_again(home: Home, audiences: Path, write: int) -> None:
    with broken_off_at(write):
        erase_from_lists(audiences, CARA)
    erase_from_lists(audiences, CARA)
    assert not problems(home) and not any(
        b"cara" in file.read_bytes() for file in audiences.rglob("*") if file.is_file()
    )
    assert json.loads((audiences / "c1" / "2024-03-01" / "manifest.json").read_text())["forgotten"] == 1


def publish_accounts(home: Home, *accounts: tuple[int, str, str]) -> None:
    home.settings.published.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(home.settings.catalogue)) as connection:
        connection.execute(
            "create schema marts; create table marts.customer_accounts (customer_key bigint,"
            " platform varchar, shop_id varchar, account_id varchar)"
        )
        connection.executemany("insert into marts.customer_accounts values (?, 'generic', ?, ?)", accounts)


def test_all_accounts_of_the_customer_go(shop: Home) -> None:
    shop.put("members", "members.csv", "account_id,joined_at", "cara-till,2024-01-01", "anna-app,2024-01-01")
    shop.land()
    publish_accounts(shop, (7, "default", "cara-app"), (7, "default", "cara-till"), (5, "default", "anna-app"))
    proof = shop.forget(f"phone:{PHONE}")
    assert shop.lake("members", "account_id") == [("anna-app",)]
    # the catalogue was not published anew here, and the proof says so
    assert proof.left["the published catalogue (rows)"] == 2 and proof.problems


def test_a_phone_of_several_customers_is_not_guessed_about(shop: Home) -> None:
    publish_accounts(shop, (7, "default", "cara-app"), (5, "default", "anna-app"))
    with pytest.raises(ForgettingError, match=r"5, 7.*customer:KEY"):
        shop.forget(f"phone:{SHARED}")
    shop.forget("customer:5")
    assert shop.lake("identifiers", "distinct account_id") == [("cara-app",)]
