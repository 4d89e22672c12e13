"""What leaves the house, as assets: the catalogue, the audience lists, the quality report.

Belongs here: when each is written, and refusing to publish what a gate has stopped, also in a run of its own.
Does not: bytes (`catalogue.py`, `audiences.py`, `report.py`), and what exists to be published (`destinations.py`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

import dagster as dg

from orchestration.audit import Audit
from orchestration.partitions import ONE_RUN, Window, window
from orchestration.publish.audiences import AudienceList, publish_audiences
from orchestration.publish.catalogue import publish_catalogue, published_tables, refresh_audit
from orchestration.publish.means import means_of
from orchestration.publish.recomputed import recomputations
from orchestration.publish.report import Problem, Publication, write_reports
from orchestration.settings import Settings

LAYERS = ("marts", "outputs")
READ_BY_LISTS = (
    "audience_decisions",
    "audience_members",
    "audience_parcel_notes",
    "campaign_parameters",
    "campaigns",
    "consents",
    "customer_accounts",
    "customer_identifiers",
    "order_lines",
    "qc_campaigns_refused",
    "touches",
)
GUARDS_OF_LISTS = ("outputs/audience_decisions", "outputs/audience_members")
# Blocking rules of outputs that were broken in the last run that checked them.
BLOCKED = """
select asset, check_name from check_results
where asset like 'outputs/%' and severity = 'error' and not passed and run_id = (
    select run_id from check_results as other where other.asset = check_results.asset order by other.rowid desc limit 1
)
order by asset, check_name
"""


def published_assets(
    tables: Iterable[dg.AssetKey], calendar: dg.DailyPartitionsDefinition
) -> list[dg.AssetsDefinition]:
    """The three assets; `tables` are dbt's, of which marts and outputs are published."""
    finished = sorted(key for key in tables if key.path[0] in LAYERS)
    common: dict[str, Any] = {
        "key_prefix": "published",
        "group_name": "published",
        "owners": ["team:data"],
        "partitions_def": calendar,
        "backfill_policy": ONE_RUN,
    }

    @dg.asset(**common, deps=finished, kinds={"duckdb"}, pool="catalogue")
    def catalogue(installation: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
        """One read-only DuckDB file for BI, replaced whole: schemas marts, outputs, audit."""
        return _renew_catalogue(installation)

    @dg.asset(**common, deps=[key for key in finished if key.path[-1] in READ_BY_LISTS], kinds={"csv"})
    def audiences(context: dg.AssetExecutionContext, installation: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
        """One list per campaign and day, with a manifest that names its rows, checksum and parameters."""
        return _renew_lists(installation, _days(context.partition_keys))

    @dg.asset(**common, deps=[catalogue, audiences], kinds={"html"})
    def quality_report(
        context: dg.AssetExecutionContext, installation: dg.ResourceParam[Settings]
    ) -> dg.MaterializeResult:
        """A self-contained page per day: how the brand does; every check, every delivery with its row accounting, every
        rejected row."""
        days = _days(context.partition_keys)
        changed = _report(installation, days, ())
        page = installation.reports / str(days[-1]) / "index.html"
        return dg.MaterializeResult(metadata={"path": dg.MetadataValue.path(str(page)), "pages_changed": changed})

    return [catalogue, audiences, quality_report]


def _renew_catalogue(installation: Settings) -> dg.MaterializeResult:
    audit = _require_complete_build(installation)
    blocked = {asset.replace("/", ".") for asset in _blocked(audit)}
    published = publish_catalogue(installation.finished_file, audit, installation.catalogue, blocked)
    return dg.MaterializeResult(
        metadata={
            "path": dg.MetadataValue.path(str(installation.catalogue)),
            "tables": len(published),
            "tables_held": [table.full_name for table in published if table.is_held],
            "dagster/row_count": sum(table.row_count or 0 for table in published),
        }
    )


def _renew_lists(installation: Settings, days: Sequence[date]) -> dg.MaterializeResult:
    blocked = _blocked(_require_complete_build(installation))
    if broken := [f"{asset}: {', '.join(rules)}" for asset, rules in blocked.items() if asset in GUARDS_OF_LISTS]:
        raise dg.Failure(f"Gate 2 stopped what the lists are made of: {'; '.join(broken)}", allow_retries=False)
    lists = publish_audiences(installation.finished_file, installation.audiences, days, means_of(installation))
    if stopped := "; ".join(blocked_lists(lists)):
        raise dg.Failure(stopped, allow_retries=False)
    return dg.MaterializeResult(
        metadata={
            "path": dg.MetadataValue.path(str(installation.audiences)),
            "lists": len(lists),
            "lists_written": sum(one.status == "written" for one in lists),
            "lists_that_would_differ": dg.MetadataValue.text(
                "\n".join(str(one) for one in recomputations(installation.audiences, days)) or "none"
            ),
            "dagster/row_count": sum(one.rows for one in lists),
        }
    )


def blocked_lists(lists: Iterable[AudienceList]) -> Iterator[str]:
    """Each campaign and reason once, however many days it concerns."""
    days: dict[tuple[str, str | None], list[date]] = {}
    for one in lists:
        if one.status == "blocked":
            days.setdefault((one.campaign_id, one.reason), []).append(one.as_of_date)
    for (campaign_id, reason), concerned in days.items():
        more = len(concerned) - 1
        others = f" and {more} more day{'s' * (more > 1)}" if more else ""
        yield f"{campaign_id} on {min(concerned)}{others}: {reason}"


@dg.failure_hook(name="explain_failure", required_resource_keys={"installation"})
def explain_failure(context: dg.HookContext) -> None:
    """Whatever failed, those who audit see why: the catalogue's audit schema and the pages of the days."""
    run = context.instance.get_run_by_id(context.run_id)
    problem = Problem(context.step_key.replace("__", "/"), _first_line(context.op_exception))
    _explain(context.resources.installation, run.tags if run else {}, problem)


@dg.run_failure_sensor(default_status=dg.DefaultSensorStatus.RUNNING, minimum_interval_seconds=30)
def explain_failed_run(context: dg.RunFailureSensorContext, installation: dg.ResourceParam[Settings]) -> None:
    """The same for runs that are not of the job: assets materialised or backfilled by hand in the UI."""
    _explain(installation, context.dagster_run.tags, Problem("run", context.failure_event.message or "failed"))


def _explain(installation: Settings, tags: Mapping[str, str], problem: Problem) -> None:
    days = window(tags) or Window(installation.start_date, installation.start_date)
    refresh_audit(Audit(installation.audit_file), installation.catalogue)
    _report(installation, days.days, [problem])


def _require_complete_build(installation: Settings) -> Audit:
    """Dagster stops what follows a failure only in the same run, so a run of its own looks for itself."""
    if not installation.build_mark.exists():
        raise dg.Failure(
            "The warehouse is not the result of a complete build, so nothing is published from it. "
            "Materialise all dbt models, or use `siyu run`.",
            allow_retries=False,
        )
    return Audit(installation.audit_file)


def _blocked(audit: Audit) -> dict[str, list[str]]:
    """The outputs that gate 2 has stopped, with the rules they broke."""
    rows = [(str(row["asset"]), str(row["check_name"])) for row in audit.query(BLOCKED)]
    return {asset: [rule for _, rule in broken] for asset, broken in groupby(rows, key=lambda row: row[0])}


def _report(installation: Settings, days: Sequence[date], problems: Sequence[Problem]) -> int:
    publication = Publication(published_tables(installation.catalogue), problems, installation.catalogue)
    return write_reports(days, Audit(installation.audit_file), publication, installation.published)


def _days(keys: Iterable[str]) -> list[date]:
    return [date.fromisoformat(key) for key in keys]


def _first_line(error: BaseException | None) -> str:
    return str(error).strip().partition("\n")[0] if error else "a blocking check failed"
