"""What this state is a function of: the deliveries that count and the business days asked for.

Belongs here: deriving both from the audit book, and remembering which contents the warehouse may already hold.
Does not: running dbt, and any opinion on a row. dbt reads the plan as small Parquet files; what it leaves out
(held by a failed gate, withdrawn) does not exist downstream.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.audit import Audit

Content = tuple[str, str, str, date]  # platform, dataset, content hash, the first delivery date that counts

# A date of a dataset is held while a blocking rule of gate 1 is broken in the last run that checked it.
HELD = """
with last_runs as (
    select asset, as_of_date, run_id
    from (
        select asset, as_of_date, run_id,
            row_number() over (partition by asset, as_of_date order by max(rowid) desc) as recency
        from check_results where asset like 'raw/%'
        group by asset, as_of_date, run_id
    )
    where recency = 1
),
held as (
    select distinct asset, as_of_date
    from check_results inner join last_runs using (asset, as_of_date, run_id)
    where severity = 'error' and not passed and exists (
        select 1 from deliveries
        where status = 'loaded' and check_results.asset = 'raw/' || platform || '/' || dataset
            and check_results.as_of_date = delivery_date
    )
)
"""
COUNTED = f"""
{HELD}
select platform, dataset, content_hash, min(delivery_date) as delivery_date
from deliveries
where status = 'loaded' and not exists (
    select 1 from held
    where held.asset = 'raw/' || platform || '/' || dataset and held.as_of_date = deliveries.delivery_date
)
group by platform, dataset, content_hash
order by platform, dataset, delivery_date, content_hash
"""
ASKED = "select as_of_date, asked_after from business_days order by as_of_date"
FIELDS: "list[pa.Field[Any]]" = [
    pa.field("platform", pa.string()),
    pa.field("dataset", pa.string()),
    pa.field("content_hash", pa.string()),
    pa.field("delivery_date", pa.date32()),
]
CONTENT = pa.schema(FIELDS)
REBASED: "list[pa.Field[Any]]" = [
    pa.field("model", pa.string()),
    pa.field("day", pa.date32()),
    pa.field("fingerprint", pa.string()),
]
PROJECT = b"siyu.project"
NOBODY = ""
MARK = "complete"  # there while the warehouse is the result of a complete build


class RebasedDay(NamedTuple):
    """The fingerprint that today's logic gives to a day, of the deliveries that are applied; `model` has the days."""

    model: str
    day: date
    fingerprint: str


@dataclass(frozen=True)
class Plan:
    """`present` is every content the warehouse may hold; `applied` those that a complete build has settled.
    `late_days` are the business days that were asked for after a later one, with that one."""

    deliveries: tuple[Content, ...]
    business_days: tuple[date, ...]
    requested: frozenset[date]
    project: str
    present: frozenset[Content]
    applied: frozenset[Content]
    built_by: str | None
    is_resumed: bool
    late_days: Mapping[date, date]

    @property
    def needs_full_refresh(self) -> bool:
        """Whether the tables are not yet, or no longer, what these rules make of an earlier set of deliveries."""
        return self.built_by != self.project or not self.applied

    @property
    def new(self) -> frozenset[Content]:
        return frozenset(self.deliveries) - self.applied

    @property
    def withdrawn(self) -> list[str]:
        """Contents that the warehouse may hold and that nothing brings any more."""
        return sorted({content[2] for content in self.present} - {content[2] for content in self.deliveries})


def held_dates(audit: Audit) -> list[tuple[str, date]]:
    """What is delivered and left out now: raw assets with the delivery dates that gate 1 holds."""
    rows = audit.query(f"{HELD} select asset, as_of_date from held order by as_of_date, asset")
    return [(str(row["asset"]), _day(row["as_of_date"])) for row in rows]


def derive_plan(audit: Audit, directory: Path, project: str, requested: Iterable[date] = ()) -> Plan:
    """The plan for the audit book as it is now; `project` is the fingerprint of the dbt project's files, and
    `requested` are the days that this run is asked to bring up to date whatever built them."""
    present, applied, built_by = _remembered(directory / "applied.parquet")
    asked = [(_day(row["as_of_date"]), row["asked_after"]) for row in audit.query(ASKED)]
    return Plan(
        deliveries=tuple(_content(row) for row in audit.query(COUNTED)),
        business_days=tuple(day for day, _ in asked),
        requested=frozenset(requested),
        project=project,
        present=present,
        applied=applied,
        built_by=built_by,
        is_resumed=bool(present) and not (directory / MARK).exists(),
        late_days={day: _day(later) for day, later in asked if later and _day(later) > day},
    )


def write_plan(
    plan: Plan,
    directory: Path,
    logic: Mapping[str, str] = MappingProxyType({}),
    rebased: Iterable[RebasedDay] = (),
) -> None:
    """Hands the plan to dbt; from here on the warehouse may hold every content of it, also if the build is killed.
    `logic` is the fingerprint of what each model computes; a build from nothing can do without, and without `rebased`,
    which is what today's logic makes of the days' fingerprints where they were made by other logic."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / MARK).unlink(missing_ok=True)
    fresh = {"is_new": [content in plan.new for content in plan.deliveries]}
    _write(_table(plan.deliveries, CONTENT, fresh), directory / "deliveries.parquet")
    requested = pa.array([day in plan.requested for day in plan.business_days], pa.bool_())
    days = pa.table({"as_of_date": pa.array(plan.business_days, pa.date32()), "is_requested": requested})
    _write(days, directory / "business_days.parquet")
    withdrawn = set(plan.withdrawn)
    gone = sorted(content for content in plan.present if content[2] in withdrawn)
    _write(_table(gone, CONTENT, {}), directory / "withdrawn.parquet")
    _write(pa.table({"is_resumed": [plan.is_resumed]}), directory / "progress.parquet")
    names, fingerprints = pa.array(list(logic), pa.string()), pa.array(list(logic.values()), pa.string())
    _write(pa.table({"model": names, "logic": fingerprints}), directory / "logic.parquet")
    _write(
        pa.Table.from_pylist([day._asdict() for day in rebased], schema=pa.schema(REBASED)),
        directory / "rebased_days.parquet",
    )
    # While rules are being replaced the tables are of neither, until a build completes: going back must rebuild too.
    built_by = NOBODY if plan.needs_full_refresh else plan.project
    _remember(plan.present | set(plan.deliveries), plan.applied, built_by, directory)


def mark_applied(plan: Plan, directory: Path) -> None:
    """Says that a complete build has succeeded: the warehouse holds exactly the contents of this plan."""
    _remember(plan.deliveries, frozenset(plan.deliveries), plan.project, directory)
    (directory / MARK).touch()


def _remembered(file: Path) -> tuple[frozenset[Content], frozenset[Content], str | None]:
    if not file.exists():
        return frozenset(), frozenset(), None
    table = pq.read_table(file)
    rows = [(_content(row), row["is_applied"]) for row in table.to_pylist()]
    present = frozenset(content for content, _ in rows)
    return (
        present,
        frozenset(content for content, is_applied in rows if is_applied),
        table.schema.metadata[PROJECT].decode(),
    )


def _remember(present: Iterable[Content], applied: frozenset[Content], project: str, directory: Path) -> None:
    contents = sorted(present)
    table = _table(contents, CONTENT, {"is_applied": [content in applied for content in contents]})
    _write(table.replace_schema_metadata({PROJECT: project}), directory / "applied.parquet")


def _table(contents: Sequence[Content], schema: pa.Schema, flag: dict[str, list[bool]]) -> pa.Table:
    columns = [list(column) for column in zip(*contents, strict=True)] or [[] for _ in schema]
    table = pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )
    for name, values in flag.items():
        table = table.append_column(name, pa.array(values, pa.bool_()))
    return table


def _write(table: pa.Table, file: Path) -> None:
    """Replaces the file whole, so that a kill leaves the old one or the new one."""
    unfinished = file.with_suffix(".unfinished")
    pq.write_table(table, unfinished)
    unfinished.replace(file)


def _content(row: dict[str, Any]) -> Content:
    return row["platform"], row["dataset"], row["content_hash"], _day(row["delivery_date"])


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
