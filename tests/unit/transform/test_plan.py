"""The plan: what counts, what is new, and when the warehouse must be built from nothing."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from orchestration.audit import Audit, CheckResult, Delivery
from orchestration.transform.plan import Plan, derive_plan, held_dates, mark_applied, write_plan

FIRST, SECOND = date(2026, 3, 1), date(2026, 3, 2)


@pytest.fixture
def audit(tmp_path: Path) -> Iterator[Audit]:
    yield Audit(tmp_path / "audit.sqlite")


def delivered(content: str, day: date = FIRST, status: str = "loaded") -> Delivery:
    return Delivery(
        file_path=f"generic/members/{day}/{content}.csv",
        platform="generic",
        dataset="members",
        delivery_date=day,
        file_name=f"{content}.csv",
        content_hash=content,
        lake_path=f"{content}.parquet" if status == "loaded" else None,
        rows_read=1,
        rows_loaded=1,
        rows_duplicate=0,
        rows_superseded=0,
        rows_quarantined=0,
        status=status,
    )


def checked(day: date, passed: bool, run: str, severity: str = "error") -> CheckResult:
    return CheckResult(run, day, "raw/generic/members", "content__ids_are_unique", severity, passed, "1", "0", 1)


def plan_of(audit: Audit, tmp_path: Path, project: str = "rules") -> Plan:
    return derive_plan(audit, tmp_path / "plan", project)


def build(audit: Audit, tmp_path: Path, project: str = "rules") -> Plan:
    plan = plan_of(audit, tmp_path, project)
    write_plan(plan, tmp_path / "plan")
    mark_applied(plan, tmp_path / "plan")
    return plan


def contents(plan: Plan) -> dict[str, date]:
    return {content: day for _, _, content, day in plan.deliveries}


def test_a_content_counts_from_its_first_delivery_date(audit: Audit, tmp_path: Path) -> None:
    audit.record_deliveries([delivered("a", SECOND)], [])
    audit.record_deliveries([delivered("a", FIRST)], [])
    assert contents(plan_of(audit, tmp_path)) == {"a": FIRST}


def test_a_refused_file_does_not_count(audit: Audit, tmp_path: Path) -> None:
    audit.record_deliveries([delivered("a", status="refused")], [])
    assert plan_of(audit, tmp_path).deliveries == ()


def test_what_a_complete_build_has_settled_is_not_new(audit: Audit, tmp_path: Path) -> None:
    audit.record_deliveries([delivered("a")], [])
    assert {content for _, _, content, _ in build(audit, tmp_path).new} == {"a"}
    audit.record_deliveries([delivered("b", SECOND)], [])
    plan = plan_of(audit, tmp_path)
    assert {content for _, _, content, _ in plan.new} == {"b"}
    assert not plan.needs_full_refresh


def test_a_date_is_held_until_its_gate_passes(audit: Audit, tmp_path: Path) -> None:
    audit.record_deliveries([delivered("a", FIRST), delivered("b", SECOND)], [])
    audit.record_checks([checked(FIRST, passed=False, run="z")])
    assert contents(plan_of(audit, tmp_path)) == {"b": SECOND}
    assert held_dates(audit) == [("raw/generic/members", FIRST)]
    audit.record_checks([checked(FIRST, passed=True, run="a")])
    assert contents(plan_of(audit, tmp_path)) == {"a": FIRST, "b": SECOND}
    assert held_dates(audit) == []


def test_a_failed_date_without_a_loaded_file_holds_nothing(audit: Audit) -> None:
    audit.record_checks([checked(FIRST, passed=False, run="a")])
    assert held_dates(audit) == []


def test_a_warning_holds_nothing(audit: Audit, tmp_path: Path) -> None:
    audit.record_deliveries([delivered("a")], [])
    audit.record_checks([checked(FIRST, passed=False, run="a", severity="warning")])
    assert contents(plan_of(audit, tmp_path)) == {"a": FIRST}


def test_a_content_that_nothing_brings_any_more_is_withdrawn(audit: Audit, tmp_path: Path) -> None:
    audit.record_deliveries([delivered("a"), delivered("b")], [])
    build(audit, tmp_path)
    audit.forget_deliveries(["generic/members/2026-03-01/a.csv"])
    plan = plan_of(audit, tmp_path)
    assert (plan.withdrawn, plan.new, plan.needs_full_refresh) == (["a"], frozenset(), False)
    build(audit, tmp_path)
    assert plan_of(audit, tmp_path).withdrawn == []


def test_a_killed_build_is_remembered_when_its_content_is_withdrawn(audit: Audit, tmp_path: Path) -> None:
    build(audit, tmp_path)
    audit.record_deliveries([delivered("a")], [])
    write_plan(plan_of(audit, tmp_path), tmp_path / "plan")  # and killed
    assert plan_of(audit, tmp_path).is_resumed
    audit.record_checks([checked(FIRST, passed=False, run="a")])
    assert plan_of(audit, tmp_path).withdrawn == ["a"]


def test_an_earlier_delivery_of_a_known_content_makes_it_new(audit: Audit, tmp_path: Path) -> None:
    audit.record_deliveries([delivered("a", SECOND)], [])
    build(audit, tmp_path)
    audit.record_deliveries([delivered("a", FIRST)], [])
    plan = plan_of(audit, tmp_path)
    assert ({content for _, _, content, _ in plan.new}, plan.withdrawn) == ({"a"}, [])


def test_other_rules_make_a_rebuild_necessary(audit: Audit, tmp_path: Path) -> None:
    audit.record_deliveries([delivered("a")], [])
    build(audit, tmp_path)
    assert not plan_of(audit, tmp_path).needs_full_refresh
    assert plan_of(audit, tmp_path, project="other rules").needs_full_refresh


def test_going_back_to_the_rules_before_rebuilds_too(audit: Audit, tmp_path: Path) -> None:
    audit.record_deliveries([delivered("a")], [])
    build(audit, tmp_path)
    write_plan(plan_of(audit, tmp_path, project="other rules"), tmp_path / "plan")  # and killed
    assert plan_of(audit, tmp_path).needs_full_refresh
    build(audit, tmp_path)
    assert not plan_of(audit, tmp_path).needs_full_refresh


def test_until_a_build_is_complete_everything_is_built_from_nothing(audit: Audit, tmp_path: Path) -> None:
    audit.record_deliveries([delivered("a")], [])
    write_plan(plan_of(audit, tmp_path), tmp_path / "plan")  # and killed
    assert plan_of(audit, tmp_path).needs_full_refresh


def test_dbt_reads_the_plan_from_files(audit: Audit, tmp_path: Path) -> None:
    audit.record_deliveries([delivered("a")], [])
    audit.request_days([FIRST, SECOND])
    build(audit, tmp_path)
    plan = derive_plan(audit, tmp_path / "plan", "rules", [SECOND])
    write_plan(plan, tmp_path / "plan", {"orders": "abc"})
    assert pq.read_table(tmp_path / "plan" / "deliveries.parquet").to_pylist() == [
        {"platform": "generic", "dataset": "members", "content_hash": "a", "delivery_date": FIRST, "is_new": False}
    ]
    days = pq.read_table(tmp_path / "plan" / "business_days.parquet").to_pylist()
    assert days == [{"as_of_date": day, "is_requested": day == SECOND} for day in (FIRST, SECOND)]
    assert pq.read_table(tmp_path / "plan" / "progress.parquet").to_pylist() == [{"is_resumed": False}]
    assert pq.read_table(tmp_path / "plan" / "logic.parquet").to_pylist() == [{"model": "orders", "logic": "abc"}]


def test_an_empty_plan_has_typed_columns(audit: Audit, tmp_path: Path) -> None:
    write_plan(plan_of(audit, tmp_path), tmp_path / "plan")
    schema = pq.read_schema(tmp_path / "plan" / "deliveries.parquet")
    assert schema.names == ["platform", "dataset", "content_hash", "delivery_date", "is_new"]
    assert str(schema.field("delivery_date").type) == "date32[day]"


def test_only_a_complete_build_is_marked(audit: Audit, tmp_path: Path) -> None:
    build(audit, tmp_path)
    assert (tmp_path / "plan" / "complete").exists()
    write_plan(plan_of(audit, tmp_path), tmp_path / "plan")
    assert not (tmp_path / "plan" / "complete").exists()
