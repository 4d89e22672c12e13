"""Which plan a second build has, where it is built, and by which columns its rows are told apart."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from orchestration.audit import Audit
from orchestration.transform.beside import as_known, as_written, key_columns, workspace
from orchestration.transform.plan import Plan, derive_plan, write_plan

FIRST, SECOND, THIRD = date(2024, 3, 1), date(2024, 3, 2), date(2024, 3, 3)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    empty = derive_plan(Audit(tmp_path / "audit.sqlite"), tmp_path / "nowhere", "rules")
    contents = tuple(("generic", "members", f"content{day.day}", day) for day in (FIRST, SECOND, THIRD))
    return replace(empty, deliveries=contents, business_days=(FIRST, THIRD))


def test_what_was_known_on_a_day_is_what_was_delivered_up_to_it(plan: Plan) -> None:
    known = as_known(plan, THIRD, SECOND)
    assert [content[-1] for content in known.deliveries] == [FIRST, SECOND]
    assert known.business_days == (FIRST, THIRD)


def test_a_day_has_itself_and_the_days_before_it_that_were_asked_for(plan: Plan) -> None:
    assert as_known(plan, SECOND, THIRD).business_days == (FIRST, SECOND)
    assert as_known(plan, FIRST, FIRST).business_days == (FIRST,)


def test_an_earlier_day_that_was_asked_for_later_is_known_from_then_on(tmp_path: Path) -> None:
    audit = Audit(tmp_path / "audit.sqlite")
    for days in ([SECOND], [THIRD], [FIRST, THIRD]):
        audit.request_days(days)
    plan = derive_plan(audit, tmp_path / "nowhere", "rules")
    assert plan.business_days == (FIRST, SECOND, THIRD) and plan.late_days == {FIRST: THIRD}
    assert as_known(plan, SECOND, SECOND).business_days == (SECOND,)
    assert as_known(plan, THIRD, THIRD).business_days == (SECOND, THIRD)
    assert as_known(plan, THIRD, date.max).business_days == (FIRST, SECOND, THIRD)
    assert as_known(plan, FIRST, FIRST).business_days == (FIRST,)


def test_the_plan_that_was_handed_to_dbt_is_read_back(plan: Plan, tmp_path: Path) -> None:
    write_plan(plan, tmp_path / "plan")
    newer = ("generic", "members", "newer", THIRD)
    booked_since = replace(plan, deliveries=(*plan.deliveries, newer), business_days=())
    assert as_written(booked_since, tmp_path / "plan") == plan


def test_the_key_of_a_table_is_what_its_test_says() -> None:
    model = {"resource_type": "model", "schema": "marts", "name": "members"}
    key = {"name": "unique_combination", "kwargs": {"columns": ["shop_id", "account_id"]}}
    other = {"name": "relationships", "kwargs": {"to": "ref('shops')"}}
    nodes = {
        "m": model,
        "t": {"attached_node": "m", "test_metadata": key},
        "u": {"attached_node": "m", "test_metadata": other},
        "v": {"attached_node": None},
    }
    assert key_columns({"nodes": nodes}) == {"marts.members": ["shop_id", "account_id"]}


def test_a_workspace_is_empty_at_the_start_and_gone_at_the_end(tmp_path: Path) -> None:
    (tmp_path / "left by a killed one").mkdir()
    with workspace(tmp_path, print) as place:
        assert [found for found in tmp_path.iterdir() if found.is_dir()] == [place]
        (place / "file").touch()
    assert [found.name for found in tmp_path.iterdir()] == [".lock"]


def test_a_second_build_waits_and_says_so(tmp_path: Path) -> None:
    told: list[str] = []
    with _held_for_a_moment(tmp_path), workspace(tmp_path, told.append):
        pass
    assert told == ["Another replay or rebuild is at work here; waiting until it is finished."]


@contextmanager
def _held_for_a_moment(directory: Path) -> Iterator[None]:
    is_held = threading.Event()

    def hold() -> None:
        with workspace(directory, print):
            is_held.set()
            threading.Event().wait(0.3)

    holder = threading.Thread(target=hold)
    holder.start()
    is_held.wait()
    yield
    holder.join()
