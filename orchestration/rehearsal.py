"""What a run of some days would change, before it replaces anything: `siyu run --dry-run`, and any run over days that
other logic built.

Belongs here: which days those are, and the comparison of the live tables with a second build by today's logic.
Does not: building and comparing (`transform/`), replacing (`runs.py`), and printing (`cli.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from orchestration.audit import Audit
from orchestration.settings import DBT_PROJECT, Settings
from orchestration.transform.arguments import fingerprint, target
from orchestration.transform.beside import Tell, build_beside, key_columns, workspace
from orchestration.transform.equality import Comparison, compare_days
from orchestration.transform.lock import sole_writer
from orchestration.transform.logic import logic_of_models
from orchestration.transform.plan import derive_plan
from orchestration.transform.results import reading

OTHERWISE_BUILT = """
select model, logic, count(*), min(day), max(day) from finished.state.built_days
where day between ? and ? group by model, logic order by model, min(day)
"""


@dataclass(frozen=True)
class OldDays:
    """Days of a table that were built by logic which is not today's."""

    table: str
    logic: str
    todays_logic: str
    count: int
    first: date
    last: date

    def __str__(self) -> str:
        days = f"{self.first}" if self.count == 1 else f"{self.count} days ({self.first} to {self.last})"
        were = "was" if self.count == 1 else "were"
        return f"{self.table}: {days} {were} built by logic {self.logic}, today's is {self.todays_logic}"


def old_days(settings: Settings, first: date, last: date) -> list[OldDays]:
    """The days between these two that other logic built; none before the first build."""
    if not settings.build_mark.exists():
        return []
    logic = logic_of_models(DBT_PROJECT, target(settings))
    with sole_writer(settings.warehouse, "siyu run", print), reading(settings.databases) as connection:
        built = connection.execute(OTHERWISE_BUILT, [first, last]).fetchall()
    return [
        OldDays(model, made_by, logic[model], *days)
        for model, made_by, *days in built
        if made_by and model in logic and logic[model] != made_by
    ]


def rehearse(settings: Settings, first: date, last: date, say: Callable[[str], object], tell: Tell) -> list[Comparison]:
    """Builds everything that is booked by today's logic beside the live tables, which stay as they are, and compares
    the days. What lies in the inbox and was never run is not in it."""
    if not settings.build_mark.exists():
        raise ValueError("There is no complete build to compare with yet; `siyu run` the days without --dry-run.")
    asked = {first + timedelta(days) for days in range((last - first).days + 1)}
    with sole_writer(settings.warehouse, "siyu run --dry-run", say), workspace(settings.beside, say) as place:
        plan = derive_plan(Audit(settings.audit_file), place / "plan", fingerprint(DBT_PROJECT))
        days = tuple(sorted(asked.union(plan.business_days)))
        build = build_beside(settings, place, replace(plan, business_days=days), tell)
        return list(
            compare_days(settings.databases, build.databases, key_columns(build.manifest), (first, last), Path(place))
        )


def summary(changes: list[Comparison]) -> tuple[list[str], list[list[object]]]:
    """One row per table whose rows of these days would be others."""
    columns = ["table", "rows_now", "rows_going", "rows_coming", "sums_now_and_then"]
    rows: list[list[object]] = [
        [
            change.table,
            change.rows,
            change.surplus,
            change.missing,
            "; ".join(f"{name} {before} → {after}" for name, (before, after) in change.totals.items()),
        ]
        for change in changes
        if not change.is_equal
    ]
    return columns, rows
