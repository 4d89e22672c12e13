"""Publishing in a run of its own: what a gate has stopped stays inside, whoever asks for it."""

from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from orchestration.audit import Audit, CheckResult
from orchestration.partitions import calendar
from orchestration.publish.assets import blocked_lists, published_assets
from orchestration.publish.audiences import AudienceList
from orchestration.resources import resources
from orchestration.settings import Settings
from tests.unit.publish.fake_warehouse import DAY


@pytest.fixture
def installation(warehouse: Path, tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path)
    settings.build_mark.parent.mkdir(parents=True)
    settings.build_mark.touch()
    return settings


def hand_out_lists(installation: Settings) -> dg.ExecuteInProcessResult:
    _, audiences, _ = published_assets([], calendar(date(2024, 5, 1)))
    return dg.materialize([audiences], resources=resources(installation), partition_key=str(DAY), raise_on_error=False)


def reason(result: dg.ExecuteInProcessResult) -> str:
    failed = next(event.step_failure_data for event in result.all_events if event.is_step_failure)
    assert failed.user_failure_data
    return str(failed.user_failure_data.description)


def gate_2(run: str, table: str, passed: bool) -> CheckResult:
    return CheckResult(run, DAY, f"outputs/{table}", "content__nobody_twice", "error", passed, "2 rows", "none", 2)


@pytest.mark.parametrize("table", ["audience_decisions", "audience_members"])
def test_lists_that_gate_2_stopped_are_not_handed_out_in_a_run_of_their_own(
    installation: Settings, audit: Audit, table: str
) -> None:
    audit.record_checks([gate_2("r1", table, passed=False)])
    result = hand_out_lists(installation)
    assert not result.success
    assert f"outputs/{table}: content__nobody_twice" in reason(result)
    assert not installation.audiences.exists()
    audit.record_checks([gate_2("r2", table, passed=True)])
    assert hand_out_lists(installation).success


def test_a_stopped_kpi_stops_no_list(installation: Settings, audit: Audit) -> None:
    audit.record_checks([gate_2("r1", "kpi__sales_daily", passed=False)])
    assert hand_out_lists(installation).success


def test_without_a_complete_build_nothing_is_handed_out(installation: Settings) -> None:
    installation.build_mark.unlink()
    assert "complete build" in reason(hand_out_lists(installation))


def test_what_blocks_the_lists_of_several_days_is_told_once() -> None:
    days = [date(2026, 3, number) for number in range(1, 5)]
    lists = [AudienceList("spring", day, "blocked", reason="no p9") for day in days[:3]]
    lists += [AudienceList("spring", days[3], "blocked", reason="no p8"), AudienceList("autumn", days[0], "written", 1)]
    assert list(blocked_lists(reversed(lists))) == [
        "spring on 2026-03-04: no p8",
        "spring on 2026-03-01 and 2 more days: no p9",
    ]
