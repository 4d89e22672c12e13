"""What holds of every asset, job, schedule and sensor."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg

from orchestration.partitions import Window, calendar, window
from orchestration.schedules import every_morning
from orchestration.sensors import delivery_sensor
from orchestration.settings import Settings

LAYERS = {"raw", "staging", "intermediate", "marts", "outputs", "published"}


def specs(definitions: dg.Definitions) -> list[dg.AssetSpec]:
    return [
        spec for asset in definitions.assets or [] if isinstance(asset, dg.AssetsDefinition) for spec in asset.specs
    ]


def test_importing_the_definitions_does_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    environment = {**os.environ, "SIYU_HOME": str(home)}
    subprocess.run([sys.executable, "-c", "import orchestration.definitions"], env=environment, check=True)
    assert not home.exists()


def test_everything_loads_together(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)


def test_every_asset_stands_in_a_layer_with_owner_description_and_kinds(definitions: dg.Definitions) -> None:
    lacking = [
        spec.key.to_user_string()
        for spec in specs(definitions)
        if spec.group_name not in LAYERS
        or spec.key.path[0] != spec.group_name
        or not (spec.owners and spec.description and spec.kinds)
    ]
    assert lacking == []


def test_a_range_of_days_is_one_run(definitions: dg.Definitions) -> None:
    several = [
        asset.node_def.name
        for asset in definitions.assets or []
        if isinstance(asset, dg.AssetsDefinition) and asset.backfill_policy != dg.BackfillPolicy.single_run()
    ]
    assert several == []


def test_every_asset_is_partitioned_by_business_day(definitions: dg.Definitions) -> None:
    assert {type(spec.partitions_def) for spec in specs(definitions)} == {dg.DailyPartitionsDefinition}


def test_every_export_and_every_suite_has_three_blocking_checks(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    gated = {key for gate in definitions.asset_checks or [] for key in gate.check_keys}
    raw = {key for key in graph.get_all_asset_keys() if key.path[0] == "raw"}
    assert raw <= {key.asset_key for key in gated}
    for key in gated:
        assert graph.get(key).blocking


def test_only_the_steps_that_write_the_warehouse_or_the_catalogue_wait_in_a_pool(definitions: dg.Definitions) -> None:
    pools = {
        asset.op.name: asset.op.pool for asset in definitions.assets or [] if isinstance(asset, dg.AssetsDefinition)
    }
    assert {name: pool for name, pool in pools.items() if pool} == {
        "dbt": "warehouse",
        "published__catalogue": "catalogue",
    }


def test_a_window_finds_its_days_in_the_tags_of_a_run() -> None:
    for days in (Window(date(2024, 2, 28), date(2024, 3, 1)), Window(date(2024, 2, 29), date(2024, 2, 29))):
        assert window(days.tags) == days
    assert len(Window(date(2024, 2, 28), date(2024, 3, 1)).days) == 3
    assert window({}) is None


def test_the_calendar_reaches_today_and_any_later_day_that_is_asked_for() -> None:
    assert calendar(date(2026, 1, 1)).has_partition_key(f"{datetime.now(UTC):%Y-%m-%d}")
    assert not calendar(date(2026, 1, 1)).has_partition_key("2099-12-31")
    assert calendar(date(2026, 1, 1), date(2099, 12, 31)).has_partition_key("2099-12-31")


def test_the_morning_run_is_about_yesterday_in_shanghai() -> None:
    at_six = datetime(2026, 3, 1, 22, 0, tzinfo=UTC)  # 06:00 on 2 March in Shanghai
    with dg.build_schedule_context(scheduled_execution_time=at_six) as context:
        request = every_morning(context)
    assert isinstance(request, dg.RunRequest)
    assert window(request.tags) == Window(date(2026, 3, 1), date(2026, 3, 1))


def deliver(home: Path, name: str, age_seconds: float) -> None:
    file = home / "inbox" / "generic" / "members" / "2026-03-01" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("account_id,joined_at\n")
    then = datetime.now(UTC).timestamp() - age_seconds
    os.utime(file, (then, then))


def asked_for(home: Path, cursor: str | None) -> tuple[list[str], str | None]:
    sensor = delivery_sensor(calendar(date(2026, 1, 1)))
    with dg.build_sensor_context(cursor=cursor, resources={"installation": Settings(home=home)}) as context:
        result = sensor.evaluate_tick(context)
    return [request.tags["dagster/partition"] for request in result.run_requests or []], result.cursor


def test_a_delivery_is_run_once_when_it_is_complete_and_again_when_it_changes(tmp_path: Path) -> None:
    deliver(tmp_path, "members.csv", age_seconds=5)
    assert asked_for(tmp_path, None)[0] == []
    deliver(tmp_path, "members.csv", age_seconds=500)
    days, cursor = asked_for(tmp_path, None)
    assert days == ["2026-03-01"]
    assert asked_for(tmp_path, cursor)[0] == []
    deliver(tmp_path, "members.csv", age_seconds=400)
    assert asked_for(tmp_path, cursor)[0] == ["2026-03-01"]


def test_a_file_with_a_temporary_name_keeps_its_day_waiting(tmp_path: Path) -> None:
    deliver(tmp_path, "members.csv", age_seconds=500)
    deliver(tmp_path, "orders.csv.part", age_seconds=500)
    assert asked_for(tmp_path, None)[0] == []
