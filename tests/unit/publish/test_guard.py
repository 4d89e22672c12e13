"""Whoever must not be written to stops the list, whatever was decided: the very bytes are read back and compared."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from orchestration.audit import Delivery
from orchestration.privacy.marks import digest
from orchestration.publish import audiences, machine_files, uploads
from orchestration.publish.recipients import FORMS, Recipients, identifier_key
from orchestration.settings import Settings
from orchestration.verify import audience_lists
from tests.unit.publish.conftest import full_at
from tests.unit.publish.shop import DAY, KEYS, Shop, phone

WITHDRAW = "update marts.consents set withdrawn_at = '{}' where customer_key = 2"
TOUCH = "insert into marts.touches select 2, date '{}', 'sent' from range({})"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.open(range(1, 5))
    return shop


def forget(shop: Shop, mark: str) -> None:
    shop.audit.begin_forgetting("r", b"sealed", [mark])


@pytest.mark.parametrize("channel", ["douyin_sms", "sms", "qianchuan"])
@pytest.mark.parametrize(
    ("poison", "named"),
    [
        (WITHDRAW.format("2026-03-10 23:00"), "1 opted out"),
        (f"{WITHDRAW.format('2026-03-10')} and purpose <> 'none'", "1 opted out"),
        ("delete from marts.consents where customer_key = 2", "1 no consent for the channel's purpose"),
        ("update marts.consents set channel = 'other' where customer_key = 2", "1 no consent"),
        ("update marts.consents set granted_at = '2026-03-11' where customer_key = 2", "1 no consent"),
        (TOUCH.format("2026-03-08", 1), "1 over the cap of messages"),
        (TOUCH.format("2026-03-04", 2), "1 over the cap of messages"),
        (TOUCH.format("2026-02-09", 6), "1 over the cap of messages"),
        (
            "insert into outputs.audience_decisions select * replace ('other' as campaign_id, null as arm,"
            " 'universal_holdout' as suppressed_reason) from outputs.audience_decisions where customer_key = 2",
            "1 in the holdout",
        ),
    ],
)
def test_somebody_who_was_decided_in_wrongly_stops_the_list(shop: Shop, channel: str, poison: str, named: str) -> None:
    shop.decide(channel, [1, 2])
    shop.run(poison)
    result = shop.hand_out()
    assert result.status == "blocked" and named in str(result.reason) and "nothing was handed out" in str(result.reason)
    assert [file for file in shop.folder().rglob("*") if file.is_file()] == []


@pytest.mark.parametrize(
    "mark", [digest(("account", "douyin", "6001", "open-2"), KEYS), KEYS.token(phone(2))], ids=["account", "phone"]
)
def test_somebody_who_was_forgotten_stops_the_list(shop: Shop, mark: str) -> None:
    shop.decide("sms", [1, 2])
    forget(shop, mark)
    result = shop.hand_out()
    assert result.status == "blocked" and "1 forgotten" in str(result.reason)


@pytest.mark.parametrize(
    ("poison", "named"),
    [
        ("", "1 suppressed or in control, or not decided on, 1 on no list of the channel"),
        ("update outputs.audience_decisions set arm = 'control' where customer_key = 4", "1 in the holdout"),
        ("update outputs.audience_decisions set suppressed_reason = 'x' where customer_key = 4", "1 suppressed"),
        ("update marts.consents set withdrawn_at = '2026-03-01' where customer_key = 4", "1 opted out"),
        ("delete from marts.consents where customer_key = 4", "1 no consent"),
        (TOUCH.format("2026-03-08", 1).replace("select 2", "select 4"), "1 over the cap"),
    ],
)
@pytest.mark.parametrize("channel", ["douyin_sms", "qianchuan", "parcel"])
def test_an_id_that_got_into_the_bytes_stops_the_list(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, channel: str, poison: str, named: str
) -> None:
    """Customer 4 is not on the list; only the file names them."""
    if channel == "parcel" and ("consents" in poison or "touches" in poison):
        pytest.skip("a note in a parcel is no message")
    shop.decide(channel, [1], order_id="order-{}")
    if "decisions" in poison:
        shop.decide(channel, [4], arm="control", order_id="order-{}")
        shop.run(poison)
    elif poison:
        shop.run(poison)
    real = uploads.recipients
    hashed = FORMS["sha256"](phone(4))
    value = {"douyin_sms": "open-4", "parcel": "order-4", "qianchuan": hashed}[channel]
    disclosed = {hashed: identifier_key(KEYS.token(phone(4)))}

    def corrupted(*arguments: object) -> Recipients:
        found = real(*arguments)  # type: ignore[arg-type]
        [(part, (_, *others))] = found.rows
        return Recipients([*found.rows, (part, (value, *others))], {**found.disclosed, **disclosed})

    monkeypatch.setattr(uploads, "recipients", corrupted)
    result = shop.hand_out()
    assert result.status == "blocked" and named in str(result.reason)


def test_an_id_of_nobody_stops_the_list(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.decide("douyin_sms", [1])
    monkeypatch.setattr(uploads, "recipients", lambda *_: Recipients([("6001", ("open-1",)), ("6001", ("open-77",))]))
    assert shop.hand_out().reason == "douyin_sms: 1 ids are nobody's"


@pytest.mark.parametrize(
    ("kind", "others", "named"),
    [
        ("append", [4], "1 suppressed or in control, or not decided on, 1 on no list of the channel"),
        ("append", [77], "qianchuan: 1 ids are nobody's"),
        ("remove", [4], "qianchuan: 1 ids to remove were never handed out, 0 are on the list"),
        ("remove", [2], "qianchuan: 0 ids to remove were never handed out, 1 are on the list"),
        ("remove", [None], "qianchuan: 1 rows of remove.txt.zip are not what its columns allow"),
    ],
)
def test_what_comes_and_goes_is_checked_as_the_list_is(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, kind: str, others: list[int | None], named: str
) -> None:
    """Customers 1 and 2 were on the list, 2 and 3 are; only the bytes of the changes name anybody else, or a number."""
    later = DAY + timedelta(days=1)
    shop.decide("qianchuan", [1, 2])
    shop.hand_out()
    shop.decide("qianchuan", [2, 3], day=later)
    real_write, real_recipients = machine_files.write, uploads.recipients
    ids = [FORMS["sha256"](phone(one)) if one else phone(1) for one in others]
    disclosed = {FORMS["sha256"](phone(4)): identifier_key(KEYS.token(phone(4)))}

    def corrupted(file: Path, header: list[str], rows: list[machine_files.Row]) -> None:
        is_it = file.name.startswith(kind)
        real_write(file, header, [(one,) for one in ids] if is_it and len(ids) == len(rows) else rows)

    def disclosing(*arguments: object) -> Recipients:
        found = real_recipients(*arguments)  # type: ignore[arg-type]
        return Recipients(found.rows, {**found.disclosed, **disclosed})

    monkeypatch.setattr(machine_files, "write", corrupted)
    monkeypatch.setattr(uploads, "recipients", disclosing)
    result = shop.hand_out(later)
    assert result.status == "blocked" and named in str(result.reason)
    assert [file for file in shop.folder(later).rglob("[!.]*") if file.is_file()] == []


def test_bytes_that_are_not_what_the_columns_allow_stop_the_list(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.decide("douyin_sms", [1])
    real = machine_files.line
    monkeypatch.setattr(machine_files, "line", lambda row: real(row).replace(b"open", b"=open"))
    assert "1 rows of upload.txt are not what its columns allow" in str(shop.hand_out().reason)


def test_what_is_withdrawn_later_counts_for_a_list_that_is_new(shop: Shop) -> None:
    shop.decide("douyin_sms", [1, 2])
    shop.run(WITHDRAW.format("2026-03-12 10:00"))
    assert shop.hand_out().rows == 1
    assert shop.files() == {"channels/douyin_sms/6001/upload.txt": [("open-1",)]}
    assert shop.manifest()["withdrawn_since"] == 1 and "open-2" not in (shop.folder() / "members.csv").read_text()
    assert shop.hand_out().status == "unchanged"


def test_what_is_withdrawn_later_does_not_change_a_list_that_was_delivered(shop: Shop) -> None:
    shop.decide("douyin_sms", [1, 2])
    shop.hand_out()
    shop.run(WITHDRAW.format("2026-03-12 10:00"))
    assert shop.hand_out().status == "unchanged" and shop.manifest()["withdrawn_since"] == 0
    assert not (shop.folder() / "recomputed").exists()


def test_a_withdrawal_speaks_of_the_family_of_its_channel(shop: Shop) -> None:
    shop.decide("douyin_sms", [1, 2, 3])
    shop.run("insert into marts.consents values (2, 2, 'marketing_message', 'sms', null, '2026-03-01')")
    shop.run("insert into marts.consents values (3, 3, 'marketing_message', 'wecom', null, '2026-03-01')")
    assert "handed out: 1 opted out" in str(shop.hand_out().reason)


def test_sharing_with_a_platform_needs_a_consent_of_its_own(shop: Shop) -> None:
    shop.decide("qianchuan", [1, 2])
    shop.run("delete from marts.consents where customer_key = 2 and purpose = 'share_with_ad_platform'")
    assert "1 no consent" in str(shop.hand_out().reason)
    shop.run("delete from marts.consents where purpose = 'marketing_message'")
    shop.run("insert into marts.consents values (2, 2, 'share_with_ad_platform', null, '2026-01-01', null)")
    assert shop.hand_out().status == "written"


def test_a_note_in_a_parcel_needs_no_consent_and_is_no_message(shop: Shop) -> None:
    shop.decide("parcel", [1, 2], order_id="order-{}")
    shop.run(f"delete from marts.consents; {TOUCH.format('2026-03-09', 9)}")
    assert shop.hand_out().status == "written"


def test_parcels_of_buyers_nobody_knows_get_their_note_and_those_of_suppressed_ones_do_not(shop: Shop) -> None:
    shop.decide("parcel", [1], order_id="order-1", remark="gift")
    shop.run("insert into marts.order_lines values (null, '6001', 'order-x'), (1, '6001', 'order-1b')")
    for customer, order in (("null", "order-x"), ("1", "order-1b"), ("2", "order-2")):
        row = f"('spring', '{DAY}', {customer}, '6001', '{order}', 'parcel', 'gift')"
        shop.run(f"insert into outputs.audience_parcel_notes values {row}")
    assert shop.hand_out().status == "written"
    [rows] = shop.files().values()
    assert [row[0] for row in rows] == ["order-1", "order-1b", "order-x"]


def test_a_parcel_of_several_campaigns_is_in_the_file_of_one_with_all_notes(shop: Shop) -> None:
    shop.decide("parcel", [1, 2], order_id="order-{}", remark="gift")
    for campaign, customer, remark in (("spring", 1, "gift; card"), ("summer", 2, "leaflet; gift")):
        row = f"('{campaign}', '{DAY}', {customer}, '6001', 'order-{customer}', 'parcel', '{remark}')"
        shop.run(f"insert into outputs.audience_parcel_notes values {row}")
    assert shop.hand_out().status == "written"
    assert list(shop.files().values()) == [[("order-1", "gift; card")]]


def test_a_refused_campaign_is_not_handed_out_and_the_row_the_rule_and_the_remedy_are_said(shop: Shop) -> None:
    plan = "generic/campaigns/2026-03-01/plan.csv"
    delivery = Delivery(plan, "generic", "campaigns", date(2026, 3, 1), "plan.csv", "h", "l", 2, 2, 0, 0, 0, "loaded")
    shop.audit.record_deliveries([delivery], [])
    shop.decide("douyin_sms", [1])
    for parameter, value in (("product_ids", "p-gone"), ("priority", "summer")):
        row = f"('spring', '{parameter}', '{value}', '2026-03-01', '{DAY}', 'h', 3)"
        shop.run(f"insert into marts.qc_campaigns_refused values {row}")
    result = shop.hand_out()
    assert result.status == "blocked"
    assert not (shop.folder() / "manifest.json").exists() and not (shop.folder() / "members.csv").exists()
    clash, unknown = str(result.reason).split("; ")
    assert unknown == (
        f"{plan} line 3: a_product_is_listed_or_was_sold: product_ids p-gone: no list and no order paid by then "
        "has it: correct the row, or deliver generic/products with it"
    )
    assert clash.startswith(f"{plan} line 3: campaigns_of_one_time_differ_in_stated_priority: priority summer: ")
    assert clash.endswith("give one of them another priority")


def test_a_campaign_is_handed_out_from_the_day_on_on_which_it_is_not_refused_any_more(shop: Shop) -> None:
    later = DAY + timedelta(days=1)
    shop.decide("douyin_sms", [1], day=later)
    shop.run(
        f"insert into marts.qc_campaigns_refused values ('spring', 'product_ids', 'p', '2026-03-01', '{DAY}', 'h', 3)"
    )
    assert shop.hand_out(later).status == "written"


def test_a_list_that_is_blocked_blocks_no_other_and_is_no_base_for_changes(shop: Shop) -> None:
    shop.decide("qianchuan", [1, 2])
    later = DAY + timedelta(days=1)
    shop.decide("qianchuan", [1], day=later)
    shop.run("delete from marts.consents where customer_key = 2")
    results = audiences.publish_audiences(shop.warehouse, shop.lists, [DAY, later], shop.means)
    assert [one.status for one in results] == ["blocked", "written"]
    assert shop.told(later)["changes_since"] is None


def test_a_machine_file_that_was_altered_is_told_by_the_next_run_and_by_verify(shop: Shop) -> None:
    settings = Settings(home=shop.home)
    shop.decide("qianchuan", [1, 2])
    shop.hand_out()
    assert [one.problem for one in audience_lists(settings)] == [None]
    file = shop.folder() / "channels/qianchuan/upload.txt.zip"
    file.write_bytes(file.read_bytes() + b"x")
    result = shop.hand_out()
    assert result.status == "blocked" and "put it back" in str(result.reason)
    [found] = audience_lists(settings)
    assert "the sha256 of channels/qianchuan/upload.txt.zip is" in str(found.problem)
    file.unlink()
    [found] = audience_lists(settings)
    assert "channels/qianchuan/upload.txt.zip is missing" in str(found.problem)


@pytest.mark.parametrize("nth", range(1, 12))
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_failing_at_any_write_leaves_a_whole_list_or_none(shop: Shop, call: str, nth: int) -> None:
    shop.decide("qianchuan", [1, 2])
    with full_at(call, nth):
        shop.hand_out()
    if (shop.folder() / "manifest.json").exists():
        assert [one.problem for one in audience_lists(Settings(home=shop.home))] == [None]
    shop.hand_out()
    assert [one.problem for one in audience_lists(Settings(home=shop.home))] == [None]
    assert sorted(one.name for one in shop.folder().iterdir()) == ["channels", "manifest.json", "members.csv"]
