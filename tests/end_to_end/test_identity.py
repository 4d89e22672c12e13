"""One person behind several accounts: what a user sees of it, from the delivered files to the answer of one command."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Installation
from tests.properties.exports import consent, identifier, line, member
from tests.properties.histories import Row

pytestmark = pytest.mark.long

DAY, NEXT, LAST = "2026-01-05", "2026-01-06", "2026-01-07"


def _deliver(home: Path, dataset: str, day: str, *rows: Row) -> Path:
    file = home / "inbox" / "generic" / dataset / day / f"{dataset}.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: cell.replace("~", "") for name, cell in row.items()} for row in rows)
    return file


@pytest.fixture(scope="module")
def merged(install: Callable[..., Installation]) -> tuple[Installation, dict[str, str]]:
    """Two buyers, joined by a phone the day after; with the hashes from before."""
    installed = install()
    _deliver(
        installed.home,
        "order_lines",
        DAY,
        line("l1", account="a1"),
        line("l2", "o2", "a2", paid="01-04", amount="50.00"),
        line("l3", "o3", None, paid="01-04", amount="50.00"),
    )
    _deliver(installed.home, "members", DAY, member("a2", "01-02"))
    strangers = [consent("nobody", "01-01", "01-03"), consent("nobody else")]
    _deliver(installed.home, "consents", DAY, consent("a1"), consent("a2", "01-01", "01-03"), *strangers)
    assert "2 rows of 1 file reach nobody" in installed.siyu("run", "--day", DAY)
    before = installed.hashes()
    _deliver(
        installed.home,
        "identifiers",
        NEXT,
        identifier("a1", "12345678", "phone"),
        identifier("a2", "12345678", "phone"),
    )
    installed.siyu("run", "--day", NEXT)
    return installed, before


def test_a_shared_phone_makes_one_customer_of_two_buyers(merged: tuple[Installation, dict[str, str]]) -> None:
    installed, _ = merged
    assert installed.rows(
        "select account_count, order_count, net_amount::varchar, is_member_now from marts.customers"
    ) == [(2, 2, "150.00", True)]
    [(orders, customers)] = installed.rows(
        "select count(*), count(distinct customer_key) from marts.order_lines where customer_key is not null"
    )
    assert (orders, customers) == (2, 1)


def test_who_refused_on_one_account_has_both_consents(merged: tuple[Installation, dict[str, str]]) -> None:
    installed, _ = merged
    assert installed.rows(
        "select count(distinct customer_key), count(distinct account_key), count(withdrawn_at) from marts.consents"
    ) == [(1, 2, 1)]


def test_a_consent_of_nobody_who_is_known_is_told_with_file_and_row(
    merged: tuple[Installation, dict[str, str]],
) -> None:
    installed, _ = merged
    assert installed.rows("""
        select statement, finding, file_name, line_number from marts.qc_rows_unmatched
        inner join audit.deliveries using (content_hash) order by line_number
    """) == [
        ("withdrawal", "account_unknown", "consents.csv", 4),
        ("consent", "account_unknown", "consents.csv", 5),
    ]
    assert "account_unknown" in installed.siyu("status")
    page = (installed.home / "published" / "reports" / DAY / "index.html").read_text()
    assert "Rows that reach nobody" in page and "nobody else" not in page


def test_coverage_counts_lines_whose_buyer_is_known(merged: tuple[Installation, dict[str, str]]) -> None:
    installed, _ = merged
    [(lines, known, share)] = installed.rows(
        "select sum(line_count), sum(customer_line_count), min(customer_line_ratio) from outputs.kpi__sales_daily"
    )
    assert (lines, known) == (3, 2)
    assert share == pytest.approx(0.5)


def test_explain_names_accounts_file_row_and_merge(merged: tuple[Installation, dict[str, str]]) -> None:
    installed, _ = merged
    [(key,)] = installed.rows("select customer_key from marts.customers")
    told = installed.siyu("customer", "explain", str(key))
    for word in ("a1", "a2", "phone", "joins 2 accounts", "identifiers.csv", NEXT):
        assert word in told
    assert "13812345678" not in told
    _, _, delivered = told.partition("Delivered rows that name the accounts")
    named = [line.split()[2:] for line in delivered.splitlines() if line.startswith("generic ")]
    assert named == [
        ["a1", "generic/consents", "consents.csv", DAY, "1", "2"],
        ["a1", "generic/identifiers", "identifiers.csv", NEXT, "1", "2"],
        ["a1", "generic/order_lines", "order_lines.csv", DAY, "1", "2"],
        ["a2", "generic/consents", "consents.csv", DAY, "1", "3"],
        ["a2", "generic/identifiers", "identifiers.csv", NEXT, "1", "3"],
        ["a2", "generic/members", "members.csv", DAY, "1", "2"],
        ["a2", "generic/order_lines", "order_lines.csv", DAY, "1", "3"],
    ]
    [(gone,)] = installed.rows("select account_key from marts.customer_accounts where account_key <> customer_key")
    assert f"its accounts are now those of {key}" in installed.siyu("customer", "explain", str(gone), expect=1)
    assert "No customer has the key 7" in installed.siyu("customer", "explain", "7", expect=1)


def test_taking_the_phone_back_gives_the_tables_of_before(merged: tuple[Installation, dict[str, str]]) -> None:
    installed, before = merged
    (installed.home / "inbox" / "generic" / "identifiers" / NEXT / "identifiers.csv").unlink()
    installed.siyu("run", "--day", NEXT)
    never = installed.rows("select count(*) from marts.customer_identifiers")
    after = installed.hashes()
    assert never == [(0,)]
    of_people = ("customer_accounts", "customers", "members", "membership_levels", "consents")
    for table in ("order_lines", "orders", *of_people):
        assert after[f"marts.{table}"] == before[f"marts.{table}"], table
    assert installed.rows("select count(*) from audit.account_moves") == [(2,)]
