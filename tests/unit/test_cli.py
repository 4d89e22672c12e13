"""The command line as a person meets it: messages, exit codes, formats, and a light start."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
import typer

from orchestration import cli_run, status
from orchestration.audit import Audit, CheckResult, Delivery, QuarantinedRow
from orchestration.settings import Settings
from tests.unit.test_campaigns import TABLES

Siyu = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def siyu(tmp_path: Path) -> Siyu:
    def call(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).with_name("siyu")), *arguments]
        environment = {**os.environ, "SIYU_HOME": str(tmp_path), **settings}
        return subprocess.run(command, env=environment, text=True, capture_output=True, check=False)

    return call


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    file = tmp_path / "published" / "siyu.duckdb"
    file.parent.mkdir()
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.orders as select '1' as order_id, 9.90::decimal(18, 2) as paid")
    return file


def test_a_query_before_anything_is_published_says_what_to_do(siyu: Siyu) -> None:
    answer = siyu("query", "select 1")
    assert answer.returncode == 1
    assert "siyu demo" in answer.stderr


@pytest.mark.parametrize("sql", ["", "  ", ";", "/* nothing */"])
def test_an_empty_query_is_no_traceback(siyu: Siyu, catalogue: Path, sql: str) -> None:
    answer = siyu("query", sql)
    assert answer.returncode == 1
    assert answer.stderr.startswith("The query is empty.")


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("table", "order_id  paid\n--------  ----\n1         9.90\n"),
        ("csv", "order_id,paid\n1,9.90\n"),
    ],
)
def test_a_query_answers_in_the_format_asked_for(siyu: Siyu, catalogue: Path, form: str, expected: str) -> None:
    assert siyu("query", "select * from marts.orders", "--format", form).stdout == expected


def test_json_keeps_every_cent(siyu: Siyu, catalogue: Path) -> None:
    answer = siyu("query", "select * from marts.orders", "--format", "json")
    assert json.loads(answer.stdout) == [{"order_id": "1", "paid": "9.90"}]


@pytest.mark.parametrize(
    "sql",
    [
        "insert into marts.orders values ('2', 1)",
        "copy marts.orders to 'stolen.csv'",
        "select * from read_csv('/etc/hostname')",
        "set enable_external_access = true",
        "attach 'other.duckdb'",
    ],
)
def test_a_query_can_neither_write_nor_leave_the_catalogue(siyu: Siyu, catalogue: Path, sql: str) -> None:
    answer = siyu("query", sql)
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr


def test_the_status_of_an_empty_installation_is_no_error(siyu: Siyu) -> None:
    answer = siyu("status")
    assert answer.returncode == 0
    assert "Last deliveries\n  none" in answer.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--from", "2026-01-01"],
        ["--day", "2026-01-01", "--to", "2026-01-02"],
        ["--from", "2026-01-02", "--to", "2026-01-01"],
    ],
)
def test_days_that_make_no_sense_are_refused(siyu: Siyu, arguments: list[str]) -> None:
    assert siyu("run", *arguments).returncode == 2


def test_a_day_before_the_first_one_names_the_setting(siyu: Siyu) -> None:
    answer = siyu("run", "--day", "2010-12-01")
    assert answer.returncode == 1
    assert "SIYU_START_DATE=2010-12-01" in answer.stderr


def test_a_mistyped_year_does_not_move_now_for_ever(siyu: Siyu, tmp_path: Path) -> None:
    (tmp_path / "inbox" / "generic" / "members" / "2026-03-01").mkdir(parents=True)
    (tmp_path / "inbox" / "generic" / "members" / "2026-03-01" / "members.csv").touch()
    answer = siyu("run", "--day", "2963-03-01")
    assert answer.returncode == 1
    assert "2963-03-01 has not come yet" in answer.stderr


def test_a_day_before_the_first_delivery_is_refused(siyu: Siyu, tmp_path: Path) -> None:
    (tmp_path / "inbox" / "generic" / "members" / "2026-03-01").mkdir(parents=True)
    (tmp_path / "inbox" / "generic" / "members" / "2026-03-01" / "members.csv").touch()
    answer = siyu("run", "--from", "2016-01-01", "--to", "2016-12-31")
    assert answer.returncode == 1
    assert "Nothing is delivered for 2016-12-31 or any day before" in answer.stderr
    assert "the first delivery is of 2026-03-01" in answer.stderr


def test_there_is_nothing_to_rehearse_before_the_first_build(siyu: Siyu, tmp_path: Path) -> None:
    answer = siyu("run", "--day", "2026-03-01", "--dry-run")
    assert answer.returncode == 1
    assert "Nothing is published yet to compare with" in answer.stderr


def test_looking_does_not_load_the_orchestrator() -> None:
    heavy = ("dagster", "dbt", "great_expectations")
    code = f"import orchestration.cli, sys; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, check=True)
    assert done.stdout == "[]\n"


def test_a_contract_that_cannot_be_read_is_one_line(siyu: Siyu, tmp_path: Path) -> None:
    broken = tmp_path / "contracts" / "shop"
    broken.mkdir(parents=True)
    (broken / "orders.yml").write_text("nonsense: 1\n")
    answer = siyu("run", "--day", "2026-01-01", SIYU_CONTRACTS=str(broken.parent))
    assert answer.returncode == 1
    assert "orders.yml" in answer.stdout
    assert "Traceback" not in answer.stdout + answer.stderr


def test_quarantined_rows_of_the_days_are_counted_after_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home, day = Settings(home=tmp_path), date(2024, 3, 1)
    file = Delivery("p", "generic", "members", day, "a.csv", "h", "l", 9, 7, 0, 0, 2, "loaded")
    rows = [QuarantinedRow("generic", "members", "h", line, "not_a_date", "joined_at") for line in (7, 3)]
    Audit(home.audit_file).record_deliveries([file, replace(file, file_path="q", file_name="copy.csv")], rows)
    monkeypatch.setattr(cli_run, "_watched", lambda *_: ())
    cli_run.run(home, day, day)
    row, published, quarantined = capsys.readouterr().out.splitlines()
    assert row == (
        "quarantined: p line 3 and 1 more: not_a_date in joined_at: correct the cell, or add its word to null_words; "
        "then deliver the file and run the day again"
    )
    assert published.startswith(f"Published: {day}.")
    assert quarantined == "2 rows of 1 file were quarantined: siyu status · the day's report"


def test_rows_that_reach_nobody_are_counted_after_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home, day = Settings(home=tmp_path), date(2024, 3, 1)
    home.published.mkdir()
    with duckdb.connect(str(home.catalogue)) as connection:
        connection.execute("create schema marts; create schema audit")
        connection.execute(
            "create table marts.qc_rows_unmatched as select 'consent' as statement, 'account_unknown' as finding, *"
            " from (values ('h', 2), ('h', 3), ('i', 2), ('old', 2)) as t (content_hash, line_number)"
        )
        connection.execute(
            "create table audit.deliveries as select 'loaded' as status, content_hash || '.csv' as file_name, * from"
            f" (values ('h', date '{day}'), ('i', date '{day}'), ('old', date '2024-02-28'))"
            " as files (content_hash, delivery_date)"
        )
    monkeypatch.setattr(cli_run, "_watched", lambda *_: ())
    monkeypatch.setattr(cli_run, "_old_days", lambda *_: [])
    cli_run.run(home, day, day)
    assert "3 rows of 2 files reach nobody: siyu status · the day's report" in capsys.readouterr().out
    _, rows = status.overview(home)["Rows that reach nobody"]
    assert (day, "h.csv", "consent", "account_unknown", 2, 2, 3) in rows


def test_quarantined_rows_are_told_also_where_something_was_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home, day = Settings(home=tmp_path), date(2024, 3, 1)
    file = Delivery("p", "generic", "campaigns", day, "plan.csv", "h", "l", 9, 8, 0, 0, 1, "loaded")
    row = QuarantinedRow("generic", "campaigns", "h", 2, "not_a_date", "end_date")
    others = [replace(row, line_number=3 + number, column_name=f"c{number}") for number in range(12)]
    Audit(home.audit_file).record_deliveries([file], [row, *others])
    monkeypatch.setattr(cli_run, "_watched", lambda *_: ("blocked: something",))
    with pytest.raises(typer.Exit):
        cli_run.run(home, day, day)
    told = capsys.readouterr().out
    assert "quarantined: p line 2: not_a_date in end_date: " in told
    assert "quarantined: rows that break rules in 3 more places: siyu status" in told


def test_what_the_gate_of_the_plan_lets_pass_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home, day = Settings(home=tmp_path), date(2024, 3, 1)
    rule = "content__a_channel_is_one_of_the_list_of_channels"
    found = CheckResult("first", day, "raw/generic/campaigns", rule, "warning", False, "line_number 2", "none", 1)
    later = date(2024, 3, 5)
    gone = replace(found, as_of_date=date(2024, 3, 3))
    Audit(home.audit_file).record_checks([found, replace(found, as_of_date=later), gone])
    for delivered in (day, later):
        path = f"generic/campaigns/{delivered}/p.csv"
        plan = Delivery(path, "generic", "campaigns", delivered, "p.csv", str(delivered), "l", 1, 1, 0, 0, 0, "loaded")
        Audit(home.audit_file).record_deliveries([plan], [])
    monkeypatch.setattr(cli_run, "_watched", lambda *_: ())
    monkeypatch.setattr(cli_run, "_old_days", lambda *_: [])
    cli_run.run(home, day, day)
    told = f"warning: the campaign plan of {day}: a_channel_is_one_of_the_list_of_channels: line_number 2: its lists"
    assert told in capsys.readouterr().out
    cli_run.run(home, date(2024, 3, 3), date(2024, 3, 3))
    assert "warning" not in capsys.readouterr().out, "that plan is gone"
    cli_run.run(home, day, later)
    assert capsys.readouterr().out.count("warning: ") == 1, "one plan was judged with the other"
    Audit(home.audit_file).record_checks([replace(found, run_id="second", passed=True)])
    cli_run.run(home, day, day)
    assert "warning" not in capsys.readouterr().out


def test_a_customer_whom_nobody_knows_is_no_candidate_of_nothing(siyu: Siyu, tmp_path: Path) -> None:
    file = tmp_path / "published" / "siyu.duckdb"
    file.parent.mkdir()
    with duckdb.connect(str(file)) as connection:
        connection.execute(TABLES)
        connection.execute("""
            create table marts.customers as select 3 as customer_key;
            alter table marts.customer_accounts add column account_key bigint;
            create table audit.account_moves (account_key bigint, customer_key_before bigint)""")
    told = siyu("audience", "explain", "SPRING", "--day", "2026-03-10", "--customer", "99")
    assert (told.returncode, "was no candidate" in told.stdout) == (1, False)
    assert "No customer has the key 99. Find one:" in told.stderr
