"""A person goes from lake, book and deliveries, does not come back, and nobody else is touched."""

import os
from pathlib import Path

import pytest

from orchestration.forgetting.person import ForgettingError
from tests.unit.forgetting.conftest import AT, IDENTIFIERS, LINES, OTHER, PHONE, SECOND, SHARED, Home

GONE = ("cara-app", "order-cara", "line-cara", "union-cara", "order-odd", PHONE)
BALANCE = "rows_read - rows_loaded - rows_duplicate - rows_superseded - rows_quarantined - rows_forgotten"


@pytest.mark.parametrize(
    "identifier", [f"phone:+86 {PHONE}", "account:generic/default/cara-app", "union_id:union-cara"]
)
def test_everything_of_a_person_goes_whatever_they_are_named_by(shop: Home, identifier: str) -> None:
    proof = shop.forget(identifier)
    assert not proof.problems and not any(proof.left.values()) and shop.days
    assert shop.lake("order_lines", "order_line_id") == [("line-anna",)] and shop.lake("refunds", "refund_id") == []
    assert shop.lake("identifiers", "account_id") == [("anna-app",)]
    assert [word for word in GONE if any(shop.mentions(word))] == []
    assert all(any(shop.mentions(word)) for word in ("anna-app", "line-anna", SHARED))


def test_the_book_says_forgotten_and_balances(shop: Home) -> None:
    shop.forget(f"phone:{PHONE}")
    assert shop.book(f"dataset, rows_loaded, rows_quarantined, rows_forgotten, {BALANCE}") == [
        ("identifiers", 1, 0, 3, 0),
        ("order_lines", 1, 2, 2, 0),
        ("refunds", 0, 0, 1, 0),
    ]


def test_delivered_files_keep_their_other_rows_on_their_lines(shop: Home) -> None:
    file = shop.settings.inbox / "generic" / "order_lines" / "2024-03-01" / "orders.csv"
    before = file.read_text().splitlines()
    stamp = file.stat().st_mtime_ns
    shop.forget(f"phone:{PHONE}")
    assert file.read_text().splitlines() == [before[0], before[1], "", "", "", ""]
    assert file.stat().st_mtime_ns == stamp
    book = shop.book("content_hash, rows_loaded, rows_forgotten")
    shop.land()
    assert shop.book("content_hash, rows_loaded, rows_forgotten") == book, "a file that we changed is not read again"


def test_whoever_is_delivered_again_is_set_aside(shop: Home) -> None:
    shop.forget(f"phone:{PHONE}")
    shop.put(
        "order_lines",
        "again.csv",
        LINES,
        *(f"order-{n},line-{n},{n}-app,1,1.00,paid,{AT}" for n in ("cara", "dora")),
        day=SECOND,
    )
    # a new account under the forgotten phone, and a refund of a forgotten order
    shop.put("identifiers", "again.csv", IDENTIFIERS, f"cara-new,phone,{PHONE}", f"dora-app,phone,{OTHER}", day=SECOND)
    shop.put(
        "refunds",
        "again.csv",
        "refund_id,order_line_id,refund_amount,refund_status",
        "r2,line-cara-2,1.00,succeeded",
        day=SECOND,
    )
    landed = shop.land(SECOND)
    assert {name: (one.rows_loaded, one.rows_forgotten) for name, one in landed.items()} == {
        "order_lines": (1, 1),
        "identifiers": (1, 1),
        "refunds": (0, 1),
    }
    assert {row[0] for row in shop.lake("order_lines", "account_id")} == {"anna-app", "dora-app"}
    assert any(shop.mentions("cara-new")) and not shop.forget(f"phone:{PHONE}").problems
    assert not any(shop.mentions(PHONE)) and not any(shop.mentions("cara-new"))


def test_a_phone_that_went_to_somebody_else_stays_theirs(shop: Home) -> None:
    shop.forget("account:generic/default/cara-app")
    shop.put("identifiers", "later.csv", IDENTIFIERS, f"anna-app,phone,{SHARED}", f"anna-app,phone,{PHONE}", day=SECOND)
    assert shop.land(SECOND)["identifiers"].rows_loaded == 1


@pytest.mark.parametrize(
    "identifier", ["phone:13900007777", "account:generic/default/nobody", "union_id:x", "customer:1"]
)
def test_an_unknown_id_changes_nothing_and_reveals_nothing(shop: Home, identifier: str) -> None:
    before = shop.book("*")
    with pytest.raises(ForgettingError, match="Nobody here") as refused:
        shop.forget(identifier)
    assert identifier.partition(":")[2] not in str(refused.value)
    assert shop.book("*") == before and not shop.days and not shop.audit.forgotten()


@pytest.mark.parametrize(
    "identifier", ["139", "phone:", "phone:139****0000", "account:generic/x", "customer:me", "nick:x"]
)
def test_an_id_of_no_known_form_is_refused(shop: Home, identifier: str) -> None:
    with pytest.raises(ForgettingError):
        shop.forget(identifier)


def test_the_phone_in_a_column_that_is_not_read_goes_from_the_file_alone(shop: Home) -> None:
    lines = [
        f"{LINES},note",
        f"o8,l8,dora-app,1,1.00,paid,{AT},call 139-1234-5670",
        f"o9,l9,cara-app2,1,1.00,paid,{AT},",
    ]
    file = shop.put("order_lines", "notes.csv", *lines, day=SECOND)
    shop.land(SECOND)
    proof = shop.forget(f"phone:{PHONE}")
    assert file.read_text().splitlines() == [lines[0], "", lines[2]] and not proof.problems
    assert {row[0] for row in shop.lake("order_lines", "account_id")} == {"anna-app", "dora-app", "cara-app2"}


def test_a_refused_file_that_names_the_person_is_deleted_and_others_stay(shop: Home) -> None:
    cut = shop.put("order_lines", "cut.csv", LINES, f"o9,l9,cara-app,1,1.00,paid,{AT}", day=SECOND)
    cut.write_bytes(cut.read_bytes()[:-1])
    other = shop.put("order_lines", "other.csv", "what,is,this", day=SECOND)
    proof = shop.forget(f"phone:{PHONE}")
    assert not cut.exists() and other.exists() and proof.removed["refused files deleted"] == 1


def test_a_command_that_was_broken_off_is_completed(shop: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("orchestration.forgetting.erasure.erase_from_lists", _killed)
        with pytest.raises(KeyboardInterrupt):
            shop.forget(f"phone:{PHONE}")
    assert not any(shop.mentions(PHONE)), "who it was is kept encrypted"
    log = shop.settings.home / "logs" / "old.log"
    log.parent.mkdir()
    log.write_text("a row of order-cara was odd")
    assert not shop.forget(f"phone:{PHONE}").problems and not log.exists()


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_what_could_not_be_published_leaves_the_command_unfinished(shop: Home) -> None:
    assert shop.forget(f"phone:{PHONE}", "blocked: marts/orders").problems == ("blocked: marts/orders",)
    assert shop.audit.query("select 1 from forgettings where sealed is not null")
    assert not shop.forget(f"phone:{PHONE}").problems
    assert not shop.audit.query("select 1 from forgettings where sealed is not null")


def test_the_proof_names_nobody(shop: Home) -> None:
    proof = shop.forget(f"phone:{PHONE}")
    told = shop.proof(proof)
    assert told["removed"]["rows of the lake"] == 6 and set(told["left"].values()) == {0}
    assert not any(word in proof.file.read_text() for word in GONE)
    assert os.fspath(proof.file).startswith(os.fspath(shop.settings.audit_file.parent))


def test_traces_in_logs_and_dagsters_memory_go(shop: Home) -> None:
    home = shop.settings.home
    for place in ("logs/a.log", "logs/b.log", "dagster/storage/x.db"):
        (home / place).parent.mkdir(parents=True, exist_ok=True)
        (home / place).write_text("line-anna" if place == "logs/b.log" else "line-cara")
    shop.forget(f"phone:{PHONE}")
    assert [path.name for path in home.glob("logs/*")] == ["b.log"] and not (home / "dagster").exists()


def test_replays_that_hold_the_person_go(shop: Home) -> None:
    import duckdb  # noqa: PLC0415

    folders: dict[str, Path] = {}
    for name, account in (("with", "cara-app"), ("without", "anna-app")):
        folders[name] = shop.settings.replays / name
        folders[name].mkdir(parents=True)
        with duckdb.connect(str(folders[name] / "siyu.duckdb")) as connection:
            connection.execute(
                "create schema marts; create table marts.customer_accounts as select 'generic' as platform, "
                f"'default' as shop_id, '{account}' as account_id"
            )
    shop.forget(f"phone:{PHONE}")
    assert not folders["with"].exists() and folders["without"].exists()
