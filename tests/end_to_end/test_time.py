"""A day as it was known then, as it is known now, and the proof that what is kept is what was written."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.conftest import Installation

pytestmark = pytest.mark.long

FIRST, SECOND, THIRD = date(2024, 3, 1), date(2024, 3, 2), date(2024, 3, 3)
LINE = "order_id,order_line_id,account_id,product_id,quantity,paid_amount,order_status,created_at,paid_at,updated_at"
CONSENT = "account_id,purpose,granted_at,withdrawn_at"
GRANTED = "marketing_message,2024-03-01 09:00:00"
DELIVERIES = {
    ("order_lines", FIRST, "orders.csv"): [
        LINE,
        "o1,l1,anna,p1,1,100.00,paid,2024-03-01 10:00:00,2024-03-01 10:01:00,2024-03-01 10:01:00",
        "o2,l2,ben,p1,1,50.00,paid,2024-03-01 11:00:00,2024-03-01 11:01:00,2024-03-01 11:01:00",
    ],
    ("members", FIRST, "members.csv"): [
        "account_id,joined_at",
        "cara,2024-03-01 08:00:00",
        "dora,2024-03-01 08:00:00",
        "emma,2024-03-01 08:00:00",
    ],
    ("consents", FIRST, "consents.csv"): [CONSENT, f"cara,{GRANTED},", f"dora,{GRANTED},", f"emma,{GRANTED},"],
    ("campaigns", FIRST, "plan.csv"): [
        "campaign_id,template,start_date,end_date,holdout_ratio",
        "WELCOME,new_members_without_purchase,2024-03-01,2024-03-31,0",
    ],
    # known a day later: the price of an order, a refund of another one, a withdrawal
    ("order_lines", SECOND, "restated.csv"): [
        LINE,
        "o1,l1,anna,p1,1,80.00,paid,2024-03-01 10:00:00,2024-03-01 10:01:00,2024-03-02 10:00:00",
        "o2,l2,ben,p1,1,50.00,completed,2024-03-01 11:00:00,2024-03-01 11:01:00,2024-03-02 10:00:00",
    ],
    ("refunds", SECOND, "refunds.csv"): [
        "refund_id,order_line_id,refund_amount,refund_status,applied_at,refunded_at",
        "r1,l2,20.00,succeeded,2024-03-02 09:00:00,2024-03-02 09:30:00",
    ],
    ("consents", SECOND, "withdrawn.csv"): [CONSENT, f"dora,{GRANTED},2024-03-01 18:00:00"],
    # and two days later: an order of the first day, and a delivery that was known already
    ("order_lines", THIRD, "late.csv"): [
        LINE,
        "o3,l3,cara,p1,1,30.00,paid,2024-03-01 20:00:00,2024-03-01 20:01:00,2024-03-01 20:01:00",
    ],
    ("consents", THIRD, "again.csv"): [CONSENT, f"dora,{GRANTED},2024-03-01 18:00:00"],
}
RESTATED, LATE = "generic/order_lines/2024-03-02/restated.csv", "generic/order_lines/2024-03-03/late.csv"
REFUNDS, WITHDRAWN = "generic/refunds/2024-03-02/refunds.csv", "generic/consents/2024-03-02/withdrawn.csv"


@pytest.fixture(scope="module")
def shop(install: Callable[..., Installation]) -> Installation:
    """Three days, each delivered and run on its own; what was published on the first is kept aside."""
    shop = install(SIYU_START_DATE=str(FIRST))
    for day in (FIRST, SECOND, THIRD):
        for (dataset, delivered, name), lines in DELIVERIES.items():
            if delivered == day:
                file = shop.home / "inbox" / "generic" / dataset / str(day) / name
                file.parent.mkdir(parents=True)
                file.write_text("\n".join([*lines, ""]))
        shop.siyu("run", "--day", str(day))
        if day == FIRST:
            shutil.copytree(shop.home / "published", _kept(shop).home / "published")
    return shop


@pytest.fixture(scope="module")
def replayed(shop: Installation) -> Path:
    """The folder of the first day as it was known on it."""
    told = shop.siyu("replay", "--day", str(FIRST), "--known-on", str(FIRST))
    folder = shop.home / "published" / "replays" / "2024-03-01_known_on_2024-03-01"
    assert str(folder) in told and LATE in told
    assert list((shop.home / "beside").iterdir()) == [shop.home / "beside" / ".lock"]
    return folder


def _kept(shop: Installation) -> Installation:
    return replace(shop, home=shop.home.with_name("kept"))


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*.*") if file.is_file()}


def _replay(shop: Installation, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(shop.home / "published/replays/2024-03-01_known_on_2024-03-01/siyu.duckdb")) as connection:
        return connection.execute(sql).fetchall()


def test_a_day_as_known_on_it_is_what_was_published_on_it(shop: Installation, replayed: Path) -> None:
    published = _bytes(_kept(shop).home / "published" / "audiences")
    assert published and _bytes(replayed / "audiences") == published
    aside = shop.home.with_name("aside")
    (aside / "published").mkdir(parents=True)
    shutil.copy(replayed / "siyu.duckdb", aside / "published")
    assert replace(shop, home=aside).hashes() == _kept(shop).hashes()


def test_a_figure_that_differs_names_the_deliveries_between(shop: Installation, replayed: Path) -> None:
    found = _replay(
        shop, "select metric, known_then, known_now, caused_by from replay.metrics where key like '%default'"
    )
    figures = {metric: (then, now, causes) for metric, then, now, causes in found}
    assert figures["paid_amount"] == (150, 160, [RESTATED, LATE])
    assert figures["refunded_amount"][:2] == (None, 20), "nobody had told of refunds then"
    assert REFUNDS in figures["refunded_amount"][2]
    assert "quantity" in figures and "joined_count" not in figures


def test_a_customer_who_differs_names_the_delivery_that_brought_it(shop: Installation, replayed: Path) -> None:
    found = _replay(
        shop,
        """select account_id, what, split_part(known_then, ',', 1), split_part(known_now, ',', 1), caused_by
        from replay.customers join marts.customer_accounts using (customer_key) where account_id <> 'ben'""",
    )
    assert sorted(row for row in found if row[1] == "list WELCOME") == [
        ("cara", "list WELCOME", "in", None, [LATE]),
        ("dora", "list WELCOME", "in", "out", [WITHDRAWN]),
    ]
    [anna] = [row for row in found if row[:2] == ("anna", "rfm")]
    assert anna[2:] == ("net_amount=100.00", "net_amount=80.00", [RESTATED])


def test_what_is_kept_is_proved_and_every_alteration_is_named(shop: Installation, replayed: Path) -> None:
    assert "wrong:" not in shop.siyu("verify")
    [members] = (shop.home / "published" / "audiences" / "WELCOME" / str(SECOND)).glob("*.csv")
    with _altered(members, lambda file: file.write_bytes(file.read_bytes().replace(b"emma", b"emme"))):
        [line] = _wrong(shop.siyu("verify", expect=1))
        assert line.startswith("wrong: published/audiences/WELCOME/2024-03-02: the sha256 of members")
    [content] = shop.home.glob("lake/generic/refunds/delivery_date=2024-03-02/*.parquet")
    with _altered(content, Path.unlink):
        [line] = _wrong(shop.siyu("verify", expect=1))
        assert f"the content of {REFUNDS} is missing" in line and "siyu run --day 2024-03-02" in line
    with _altered(shop.catalogue, lambda file: _execute(file, "update outputs.kpi__sales_daily set paid_amount = 1")):
        [line] = _wrong(shop.siyu("verify", expect=1))
        assert line.startswith("wrong: published/siyu.duckdb: outputs.kpi__sales_daily: ")
    with _altered(replayed / "siyu.duckdb", lambda file: file.write_bytes(file.read_bytes()[:5000])):
        [line] = _wrong(shop.siyu("verify", expect=1))
        assert "2024-03-01_known_on_2024-03-01/siyu.duckdb" in line and "replay the day again" in line


def test_the_tables_of_three_daily_runs_are_those_of_a_rebuild(shop: Installation) -> None:
    """All but the row that is altered here."""
    finished = shop.home / "warehouse" / "finished.duckdb"
    with _altered(finished, lambda file: _execute(file, "update marts.orders set quantity = 9 where order_id = 'o1'")):
        [line] = _wrong(shop.siyu("verify", "--rebuild", expect=1))
    assert line.startswith("wrong: marts.orders: 1 rows are in the tables only, 1 rows in the rebuild only: order_key=")


def test_days_that_cannot_be_replayed_are_refused_in_a_line(shop: Installation) -> None:
    for day, known_on, reason in [
        ("2024-02-28", "2024-03-02", "There is nothing to replay of 2024-02-28; the first delivery is of 2024-03-01."),
        ("2024-03-01", "2024-02-28", "Nothing was known on 2024-02-28; the first delivery is of 2024-03-01."),
        ("2999-01-01", "2024-03-01", "2999-01-01 has not come yet"),
    ]:
        [line] = shop.siyu("replay", "--day", day, "--known-on", known_on, expect=1).splitlines()
        assert line.startswith(reason)


def test_two_runs_of_a_day_at_once_take_turns_and_end_where_one_ends(shop: Installation) -> None:
    """The day has no delivery of its own, which both say."""
    quiet = "2024-03-04"
    told = [shop.start("run", "--day", quiet) for _ in range(2)]
    ends = [(run.communicate()[0], run.returncode) for run in told]
    assert [code for _, code in ends] == [0, 0], ends
    assert all(f"Nothing is delivered for {quiet}" in output for output, _ in ends)
    assert sum("waiting until it is finished" in output for output, _ in ends) == 1, ends
    after_both = shop.hashes()
    shop.siyu("run", "--day", quiet)
    assert shop.hashes() == after_both
    assert "wrong:" not in shop.siyu("verify", "--rebuild")


@contextmanager
def _altered(file: Path, alter: Callable[[Path], object]) -> Iterator[None]:
    before = file.read_bytes()
    alter(file)
    yield
    file.write_bytes(before)


def _execute(database: Path, sql: str) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute(sql)


def _wrong(output: str) -> list[str]:
    return [line for line in output.splitlines() if line.startswith("wrong:")]
