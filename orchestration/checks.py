"""The two gates, as blocking asset checks: what was delivered (gate 1) and what is about to be handed out (gate 2).

Belongs here: which asset a suite guards, and how its outcomes become checks and lines of the audit book.
Does not: any rule (the suites in `expectations/`), and running one (`expectations/runner.py`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from itertools import chain, groupby
from pathlib import Path

import dagster as dg

from expectations.runner import Outcome, parquet_relation, pinpoint, run_suites
from expectations.suite import Suite, load_suite
from orchestration.audit import Audit, CheckResult
from orchestration.partitions import Window, window
from orchestration.settings import Settings

GROUPS = {
    "shape": "The columns and their types are those that were promised.",
    "content": "Keys, values and amounts are what they must be.",
    "volume": "There are about as many rows as there should be.",
}
SHOWN = 50
RULES = dg.TableSchema([dg.TableColumn(name, "string") for name in ("day", "rule", "observed", "expected")])
Key = tuple[str, ...]
Found = dict[date, list[Outcome]]  # what each rule found, by the day it is about
Evaluate = Callable[[Mapping[Key, Suite], Settings, Window | None], dict[Key, Found]]


def gates(expectations: Path) -> list[dg.AssetChecksDefinition]:
    """The gates of every suite there is; an export or output without a suite has none."""
    files = {tuple(file.relative_to(expectations).with_suffix("").parts): file for file in expectations.rglob("*.yml")}
    by_gate = groupby(sorted(files, key=lambda key: (gate_of(key), key)), key=gate_of)
    return [_gate(name, {key: files[key] for key in keys}) for name, keys in by_gate]


def gate_of(asset: Sequence[str]) -> str:
    """The step that guards an asset: one for each platform, one for the audiences, and one for all figures."""
    if asset[0] == "raw":
        return f"gate__raw__{asset[1]}"
    return "gate__outputs__audiences" if asset[-1].startswith("audience_") else "gate__outputs__kpis"


def _gate(name: str, files: Mapping[Key, Path]) -> dg.AssetChecksDefinition:
    specs = [
        dg.AssetCheckSpec(group, asset=dg.AssetKey(key), blocking=True, description=description)
        for key in files
        for group, description in GROUPS.items()
    ]
    evaluate: Evaluate = _delivered if name.startswith("gate__raw__") else _handed_out

    @dg.multi_asset_check(name=name, specs=specs, can_subset=True)
    def gate(
        context: dg.AssetCheckExecutionContext, installation: dg.ResourceParam[Settings]
    ) -> Iterator[dg.AssetCheckResult]:
        asked = {tuple(check.asset_key.path) for check in context.selected_asset_check_keys}
        suites = {key: load_suite(file) for key, file in files.items() if key in asked}
        found = evaluate(suites, installation, window(context.run.tags))
        lines = (line for key in found for line in _lines(found[key], context.run.run_id, "/".join(key)))
        Audit(installation.audit_file).record_checks(list(lines))
        for check in sorted(context.selected_asset_check_keys):
            yield _result(check, found[tuple(check.asset_key.path)])

    return gate


def _delivered(suites: Mapping[Key, Suite], settings: Settings, days: Window | None) -> dict[Key, Found]:
    """Gate 1: all files of the run at once; only where they fail are the days that fail searched for."""
    files = {key: _files_by_day(settings, key[1], key[2], days) for key in suites}
    relations = {key: parquet_relation(chain(*by_day.values())) for key, by_day in files.items() if by_day}
    outcomes = run_suites({relation: suites[key] for key, relation in relations.items()}, None)
    return {
        key: _found(suite, files[key], outcomes[relations[key]]) if key in relations else {}
        for key, suite in suites.items()
    }


def _found(suite: Suite, files: Mapping[date, Sequence[Path]], outcomes: Sequence[Outcome]) -> Found:
    failed = pinpoint(suite, files) if any(outcome.blocks for outcome in outcomes) else {}
    return {day: [_of_day(outcome, failed.get(day, [])) for outcome in outcomes] for day in files}


def _files_by_day(settings: Settings, platform: str, dataset: str, days: Window | None) -> dict[date, list[Path]]:
    """What was loaded, each day with the dataset's empty schema file, so that a day without rows can be checked too."""
    rows = Audit(settings.audit_file).query(
        """select distinct delivery_date, lake_path from deliveries
        where platform = ? and dataset = ? and status = 'loaded' and delivery_date between ? and ?""",
        [platform, dataset, *((str(days.first), str(days.last)) if days else ("0001-01-01", "9999-12-31"))],
    )
    schema = settings.lake.joinpath(platform, dataset, "delivery_date=0001-01-01", "schema.parquet")
    files: dict[date, list[Path]] = {}
    for row in rows:
        day = date.fromisoformat(str(row["delivery_date"]))
        files.setdefault(day, [schema]).append(settings.lake / str(row["lake_path"]))
    return files


def _of_day(outcome: Outcome, failed: Sequence[Outcome]) -> Outcome:
    """A rule that some days break is broken on those days only."""
    if not outcome.blocks:
        return outcome
    own = next((other for other in failed if other.check_name == outcome.check_name), None)
    return own or replace(outcome, passed=True, observed="kept on this day, broken on another", failing_row_count=0)


def _handed_out(suites: Mapping[Key, Suite], settings: Settings, days: Window | None) -> dict[Key, Found]:
    """Gate 2: the whole outputs, as they stand in the warehouse."""
    day = days.last if days else last_business_day(settings)
    tables = {".".join(key): suite for key, suite in suites.items()}
    outcomes = run_suites(tables, settings.finished_file)
    return {key: {day: outcomes[".".join(key)]} for key in suites}


def last_business_day(settings: Settings) -> date:
    """The last day that was ever asked for."""
    (row,) = Audit(settings.audit_file).query("select max(as_of_date) as day from business_days")
    return date.fromisoformat(str(row["day"])) if row["day"] else settings.start_date


def _lines(found: Found, run_id: str, asset: str) -> Iterator[CheckResult]:
    for day, outcomes in found.items():
        for outcome in outcomes:
            yield CheckResult(run_id=run_id, as_of_date=day, asset=asset, **asdict(outcome))


def _result(check: dg.AssetCheckKey, found: Found) -> dg.AssetCheckResult:
    """One check of Dagster's: a group's rules over all days. It blocks only where a rule of severity `error` broke."""
    own = [(day, o) for day, outcomes in found.items() for o in outcomes if o.check_name.startswith(f"{check.name}__")]
    broken = [(day, outcome) for day, outcome in own if not outcome.passed]
    is_blocking = any(outcome.blocks for _, outcome in broken)
    shown = [
        dg.TableRecord({"day": str(day), "rule": o.check_name, "observed": o.observed, "expected": o.expected})
        for day, o in (broken or own)[:SHOWN]
    ]
    return dg.AssetCheckResult(
        check_name=check.name,
        asset_key=check.asset_key,
        passed=not broken,
        severity=dg.AssetCheckSeverity.ERROR if is_blocking else dg.AssetCheckSeverity.WARN,
        metadata={"rules": dg.MetadataValue.table(shown, RULES)} if shown else {},
    )
