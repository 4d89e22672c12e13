"""Everything that exists, as a table of contents.

Belongs here: putting assets, gates, jobs, schedules and sensors together. Does not: defining any of them, and I/O
other than reading the contracts, the suites and dbt's manifest.
"""

import warnings
from datetime import date
from pathlib import Path

import dagster as dg

from orchestration.checks import gates
from orchestration.extract.assets import raw_assets
from orchestration.extract.contracts import load_contracts
from orchestration.instance import prepare_home
from orchestration.partitions import DAILY, calendar
from orchestration.publish.assets import explain_failed_run, explain_failure, published_assets
from orchestration.resources import resources
from orchestration.schedules import every_morning
from orchestration.sensors import delivery_sensor
from orchestration.settings import DBT_PROJECT, EXPECTATIONS, Settings, settings
from orchestration.transform.assets import dbt_models, prepared_project

warnings.filterwarnings("ignore", category=dg.BetaWarning)  # single-run backfills are what we want them for


def build_definitions(
    settings: Settings, dbt_project: Path = DBT_PROJECT, through: date | None = None
) -> dg.Definitions:
    """The definitions of one installation, its calendar reaching today, or `through` where that is later."""
    days = calendar(settings.start_date, through)
    models = dbt_models(prepared_project(settings, dbt_project), days)
    daily = dg.define_asset_job(
        DAILY,
        selection=dg.AssetSelection.all(),
        hooks={explain_failure},
        description="A business day, or a range of them, from the inbox to everything that is published.",
    )
    return dg.Definitions(
        assets=[
            *raw_assets(load_contracts(settings.contract_directories), days),
            models,
            *published_assets(models.keys, days),
        ],
        asset_checks=gates(EXPECTATIONS),
        jobs=[daily],
        schedules=[every_morning],
        sensors=[delivery_sensor(days), explain_failed_run],
        resources=resources(settings),
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What `dagster dev` loads; built when asked for, so that importing this module does nothing."""
    prepare_home(settings())
    return build_definitions(settings())
