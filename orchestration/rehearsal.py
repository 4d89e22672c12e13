"""What a run of some days would change, before it replaces anything: `siyu run --dry-run`, and any run over days that
other logic built.

Belongs here: the comparison of what is published with a second build by today's logic.
Does not: building and comparing (`transform/`), which days those are (`reported.py`), replacing (`runs.py`), printing.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from orchestration.audit import Audit
from orchestration.extract.lake import bring_up_to_date
from orchestration.reported import published
from orchestration.settings import DBT_PROJECT, Settings
from orchestration.tables import Table
from orchestration.transform.arguments import fingerprint
from orchestration.transform.beside import Tell, build_beside, key_columns, workspace
from orchestration.transform.equality import Comparison, compare_days
from orchestration.transform.plan import derive_plan


def rehearse(settings: Settings, first: date, last: date, say: Callable[[str], object], tell: Tell) -> list[Comparison]:
    """Builds everything that is booked by today's logic, beside the live tables, and compares the days with what is
    published, whatever has failed since. What lies in the inbox and was never run is not in it."""
    _, tables = published(settings)
    if not any(schema == "outputs" for schema, *_ in tables):
        raise ValueError("Nothing is published yet to compare with; `siyu run` the days without --dry-run.")
    asked = {first + timedelta(days) for days in range((last - first).days + 1)}
    bring_up_to_date(settings.contract_directories, settings.lake)
    with workspace(settings.beside, say) as place:
        plan = derive_plan(Audit(settings.audit_file), place / "plan", fingerprint(DBT_PROJECT))
        days = tuple(sorted(asked.union(plan.business_days)))
        build = build_beside(settings, place, replace(plan, business_days=days), tell)
        reported = {"finished": settings.catalogue}
        return list(compare_days(reported, build.databases, key_columns(build.manifest), (first, last), Path(place)))


def summary(changes: list[Comparison]) -> Table:
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
