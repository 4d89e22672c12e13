"""The two gates, as blocking asset checks: what was delivered (gate 1) and what is about to be handed out (gate 2).

Belongs here: which asset a suite guards, and how its outcomes become checks and lines of the audit book.
Does not: any rule (the suites in `expectations/`), and running one (`expectations/runner.py`).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import dagster as dg

from expectations.runner import Outcome, parquet_relation, pinpoint, run_suite
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
Found = dict[date, list[Outcome]]  # what each rule found, by the day it is about
Evaluate = Callable[[Suite, Settings, Window | None], Found]


def gates(expectations: Path) -> list[dg.AssetChecksDefinition]:
    """One gate for every suite there is; an export or output without a suite has none."""
    raw, outputs = sorted(expectations.glob("raw/*/*.yml")), sorted(expectations.glob("outputs/*.yml"))
    return [
        *(_gate(file, ["raw", file.parent.name, file.stem], _delivered(file.parent.name, file.stem)) for file in raw),
        *(_gate(file, ["outputs", file.stem], _handed_out(file.stem)) for file in outputs),
    ]


def _gate(file: Path, key: Sequence[str], evaluate: Evaluate) -> dg.AssetChecksDefinition:
    specs = [
        dg.AssetCheckSpec(group, asset=dg.AssetKey(key), blocking=True, description=description)
        for group, description in GROUPS.items()
    ]

    @dg.multi_asset_check(name="gate__" + "__".join(key), specs=specs)
    def gate(
        context: dg.AssetCheckExecutionContext, installation: dg.ResourceParam[Settings]
    ) -> Iterator[dg.AssetCheckResult]:
        found = evaluate(load_suite(file), installation, window(context.run.tags))
        Audit(installation.audit_file).record_checks(list(_lines(found, context.run.run_id, "/".join(key))))
        yield from (_result(group, key, found) for group in GROUPS)

    return gate


def _delivered(platform: str, dataset: str) -> Evaluate:
    """Gate 1: all files of the run at once; only where they fail are the days that fail searched for."""

    def evaluate(suite: Suite, settings: Settings, days: Window | None) -> Found:
        files = _files_by_day(settings, platform, dataset, days)
        if not files:
            return {}
        schema = settings.lake / platform / dataset / "delivery_date=0001-01-01" / "schema.parquet"
        with_schema = {day: [schema, *delivered] for day, delivered in files.items()}
        every_file = [file for delivered in with_schema.values() for file in delivered]
        outcomes = run_suite(suite, None, parquet_relation(every_file))
        failed = pinpoint(suite, with_schema) if any(outcome.blocks for outcome in outcomes) else {}
        return {day: [_of_day(outcome, failed.get(day, [])) for outcome in outcomes] for day in files}

    return evaluate


def _files_by_day(settings: Settings, platform: str, dataset: str, days: Window | None) -> dict[date, list[Path]]:
    rows = Audit(settings.audit_file).query(
        """select distinct delivery_date, lake_path from deliveries
        where platform = ? and dataset = ? and status = 'loaded' and delivery_date between ? and ?""",
        [platform, dataset, *((str(days.first), str(days.last)) if days else ("0001-01-01", "9999-12-31"))],
    )
    files: dict[date, list[Path]] = {}
    for row in rows:
        files.setdefault(date.fromisoformat(str(row["delivery_date"])), []).append(
            settings.lake / str(row["lake_path"])
        )
    return files


def _of_day(outcome: Outcome, failed: Sequence[Outcome]) -> Outcome:
    """A rule that some days break is broken on those days only."""
    if not outcome.blocks:
        return outcome
    own = next((other for other in failed if other.check_name == outcome.check_name), None)
    return own or replace(outcome, passed=True, observed="kept on this day, broken on another", failing_row_count=0)


def _handed_out(model: str) -> Evaluate:
    """Gate 2: the whole output, as it stands in the warehouse."""

    def evaluate(suite: Suite, settings: Settings, days: Window | None) -> Found:
        day = days.last if days else last_business_day(settings)
        return {day: run_suite(suite, settings.finished_file, f"outputs.{model}")}

    return evaluate


def last_business_day(settings: Settings) -> date:
    """The last day that was ever asked for."""
    (row,) = Audit(settings.audit_file).query("select max(as_of_date) as day from business_days")
    return date.fromisoformat(str(row["day"])) if row["day"] else settings.start_date


def _lines(found: Found, run_id: str, asset: str) -> Iterator[CheckResult]:
    for day, outcomes in found.items():
        for outcome in outcomes:
            yield CheckResult(run_id=run_id, as_of_date=day, asset=asset, **asdict(outcome))


def _result(group: str, key: Sequence[str], found: Found) -> dg.AssetCheckResult:
    """One check of Dagster's: a group's rules over all days. It blocks only where a rule of severity `error` broke."""
    own = [(day, o) for day, outcomes in found.items() for o in outcomes if o.check_name.startswith(f"{group}__")]
    broken = [(day, outcome) for day, outcome in own if not outcome.passed]
    is_blocking = any(outcome.blocks for _, outcome in broken)
    shown = [
        dg.TableRecord({"day": str(day), "rule": o.check_name, "observed": o.observed, "expected": o.expected})
        for day, o in (broken or own)[:SHOWN]
    ]
    return dg.AssetCheckResult(
        check_name=group,
        asset_key=dg.AssetKey(key),
        passed=not broken,
        severity=dg.AssetCheckSeverity.ERROR if is_blocking else dg.AssetCheckSeverity.WARN,
        metadata={"rules": dg.MetadataValue.table(shown, RULES)} if shown else {},
    )
