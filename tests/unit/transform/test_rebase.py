"""When the fingerprints of days have to be made anew, and that every table by day takes part."""

import re
from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from orchestration.audit import Audit
from orchestration.settings import DBT_PROJECT
from orchestration.transform.plan import RebasedDay, derive_plan, write_plan
from orchestration.transform.rebase import MODELS_OF_DAYS, _is_outdated

LOGIC = {model: f"{model} now" for model in MODELS_OF_DAYS}


@pytest.mark.parametrize(
    ("built_days", "is_outdated"),
    [
        ("select 'sales_days now' as fingerprinted_by", False),
        ("select 'sales_days before' as fingerprinted_by", True),
        ("select cast(null as varchar) as fingerprinted_by", True),
        ("select 'nobody knows' as model", True),
        ("select 'none' as fingerprinted_by where false", False),
    ],
)
def test_days_are_outdated_where_other_logic_or_nobody_known_fingerprinted_them(
    tmp_path: Path, built_days: str, is_outdated: bool
) -> None:
    databases = {"finished": tmp_path / "finished.duckdb"}
    with duckdb.connect(str(databases["finished"])) as connection:
        connection.execute(f"create schema state; create table state.built_days as {built_days}")
    assert _is_outdated(databases, LOGIC) is is_outdated


def test_nothing_is_outdated_before_the_first_build(tmp_path: Path) -> None:
    databases = {"finished": tmp_path / "finished.duckdb"}
    with duckdb.connect(str(databases["finished"])) as connection:
        connection.execute("create schema state")
    assert not _is_outdated(databases, LOGIC)


def test_every_table_by_day_has_its_days_from_a_model_that_is_made_anew() -> None:
    text = "".join(file.read_text() for file in (DBT_PROJECT / "models").rglob("*.sql"))
    named = re.findall(r"(?:table_by_day|due_days)\(days='(\w+)'", text)
    assert set(MODELS_OF_DAYS) == {"int_days_fingerprinted", *named}


def test_dbt_is_handed_the_fingerprints_that_were_made_anew(tmp_path: Path) -> None:
    plan = derive_plan(Audit(tmp_path / "audit.sqlite"), tmp_path / "plan", "rules")
    day = RebasedDay("sales_days", date(2024, 3, 1), "7")
    for rebased in ([day], []):
        write_plan(plan, tmp_path / "plan", LOGIC, rebased)
        rows = pq.read_table(tmp_path / "plan" / "rebased_days.parquet").to_pylist()
        assert [RebasedDay(**row) for row in rows] == rebased
