"""Raw datasets as assets: one per contract, made by landing the files of the run's delivery dates.

Belongs here: partitions in, `land` called once, what Dagster shows of it.
Does not: reading a file (`landing.py` and what it calls), and any name of a dataset (the contracts).
"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.audit import Audit
from orchestration.extract.contracts import Contract, ContractKey
from orchestration.extract.lake import SCHEMA_DATE, content_path, prepare
from orchestration.extract.landing import LandingSummary, land
from orchestration.extract.persons import tokens
from orchestration.partitions import ONE_RUN
from orchestration.privacy.keys import PepperError
from orchestration.privacy.pepper import vault_of
from orchestration.privacy.vault import Vault
from orchestration.settings import Settings

Contracts = Mapping[ContractKey, Contract]
ACCEPTED = "deliveries_accepted"
OWNERS = ["team:data"]
SHOWN = 50


def raw_assets(contracts: Contracts, calendar: dg.DailyPartitionsDefinition) -> list[dg.AssetsDefinition]:
    return [_raw_asset(contract, contracts, calendar) for contract in contracts.values()]


def _raw_asset(contract: Contract, contracts: Contracts, calendar: dg.DailyPartitionsDefinition) -> dg.AssetsDefinition:
    contract_key = (contract.platform, contract.dataset)
    key = dg.AssetKey(["raw", *contract_key])

    @dg.asset(
        key=key,
        group_name="raw",
        description=f"{contract.title}: what the delivered files hold, typed by the contract.",
        owners=OWNERS,
        kinds={"python", "parquet"},
        partitions_def=calendar,
        backfill_policy=ONE_RUN,
        retry_policy=dg.RetryPolicy(max_retries=2, delay=2, backoff=dg.Backoff.EXPONENTIAL),
        check_specs=[
            dg.AssetCheckSpec(
                ACCEPTED, asset=key, description="Every delivered file could be read; a refused one is left out."
            )
        ],
        metadata={"dagster/column_schema": _columns(contract)},
    )
    def raw(context: dg.AssetExecutionContext, installation: dg.ResourceParam[Settings]) -> Iterator[Any]:
        days = [date.fromisoformat(day) for day in context.partition_keys]
        home, audit = installation, Audit(installation.audit_file)
        prepare(_unprepared(contracts, contract_key, home.lake), home.lake)
        summary = land(contracts, *contract_key, days, home.inbox, home.lake, audit, _vault(contract, home, audit))
        audit.request_days(days)
        yield dg.MaterializeResult(asset_key=key, metadata=_accounting(summary))
        yield _accepted(key, summary)

    return raw


def _vault(contract: Contract, home: Settings, audit: Audit) -> Vault | None:
    """The vault and the keys, where the dataset has tokens or somebody was forgotten."""
    try:
        return vault_of(home, audit) if tokens(contract) or audit.forgotten() else None
    except PepperError as error:
        raise dg.Failure(str(error), allow_retries=False) from None


def _unprepared(contracts: Contracts, own: ContractKey, lake: Path) -> Contracts:
    """This dataset, and those that no run has touched yet: dbt reads every dataset, whichever are materialised."""

    def is_new(contract: Contract) -> bool:
        return not content_path(lake, contract, SCHEMA_DATE, "schema").exists()

    return {key: contract for key, contract in contracts.items() if key == own or is_new(contract)}


def _columns(contract: Contract) -> dg.TableSchema:
    return dg.TableSchema([dg.TableColumn(name, kind) for name, kind in contract.lake_schema.items()])


def _accounting(summary: LandingSummary) -> dict[str, Any]:
    """Rows read = loaded + duplicate + superseded + quarantined + forgotten."""
    return {
        "dagster/row_count": summary.rows_loaded,
        "files": summary.files,
        "files_refused": len(summary.refused),
        "rows_read": summary.rows_read,
        "rows_duplicate": summary.rows_duplicate,
        "rows_superseded": summary.rows_superseded,
        "rows_quarantined": summary.rows_quarantined,
        "rows_forgotten": summary.rows_forgotten,
    }


def _accepted(key: dg.AssetKey, summary: LandingSummary) -> dg.AssetCheckResult:
    """A refused file stops nobody: nothing of it is loaded, and what is right goes on."""
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=ACCEPTED,
        passed=not summary.refused,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={file: reason for file, reason in summary.refused[:SHOWN]},
    )
