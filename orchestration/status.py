"""What an installation says of itself without Dagster: from the audit book, what is published and the run history.

Belongs here: reading. Does not: deciding anything, and printing (`cli.py`).
"""

import hashlib
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import astuple, fields
from datetime import date
from pathlib import Path

from orchestration.audit import ACCOUNTED, Audit
from orchestration.extract.contracts import load_contracts
from orchestration.extract.landing import reader_of
from orchestration.inbox import states
from orchestration.publish.recomputed import Recomputation, recomputations
from orchestration.publish.remedies import OF_THE_PLAN, remedy_of
from orchestration.reported import FILES, OldDays, catalogue_rows, old_days, published
from orchestration.settings import DBT_PROJECT, EXPECTATIONS, PROJECT_ROOT, Settings
from orchestration.tables import Table

RULES = {".py", ".sql", ".yml", ".csv", ".jinja"}
RUNS = """
select substr(runs.run_id, 1, 8) as run, runs.status, datetime(runs.start_time, 'unixepoch', 'localtime') as started,
    cast(runs.end_time - runs.start_time as integer) as seconds,
    coalesce(
        max(case when key = 'dagster/partition' then value end),
        max(case when key = 'dagster/asset_partition_range_start' then value end) || ' to '
            || max(case when key = 'dagster/asset_partition_range_end' then value end)
    ) as days
from runs left join run_tags using (run_id) group by runs.id order by runs.id desc limit 5
"""
DELIVERIES = """
select delivery_date, platform, dataset, file_name, status, rows_read, rows_quarantined, reason from deliveries
order by delivery_date desc, platform, dataset, file_path limit 10
"""
IS_DELIVERED = """exists (
    select 1 from deliveries
    where status = 'loaded' and asset = 'raw/' || platform || '/' || dataset and as_of_date = delivery_date
)"""
# A delivery date is judged by the last run that checked it, as long as its files are there;
# a table, which is built whole, by the last run that checked it on any day.
BLOCKED = f"""
select asset, as_of_date, check_name, observed, expected from check_results
where severity = 'error' and not passed and run_id = (
    select run_id from check_results as other
    where other.asset = check_results.asset
        and (other.as_of_date = check_results.as_of_date or other.asset not like 'raw/%')
    order by other.rowid desc limit 1
) and (asset not like 'raw/%' or {IS_DELIVERED})
order by as_of_date desc, asset, check_name limit 20
"""
QUARANTINE = """
select platform, dataset, rule, column_name, count(*) as row_count from quarantine
group by platform, dataset, rule, column_name order by row_count desc limit 10
"""
REJECTED = f"""
select file_path, rule, column_name, min(line_number) as line_number, count(distinct line_number) - 1 as more
from quarantine inner join ({ACCOUNTED}) as files using (platform, dataset, content_hash)
where status = 'loaded' and rule <> 'total_row' and delivery_date between ? and ?
group by dataset, file_path, rule, column_name
order by dataset <> 'campaigns', file_path, line_number, column_name, rule
"""
# Files of several dates are judged as one, so that each of the dates has what is found in any.
WARNED = f"""
select min(as_of_date) as first_date, max(as_of_date) as last_date, check_name, observed from check_results as found
where check_name in ({", ".join(f"'{name}'" for name in OF_THE_PLAN)})
    and not passed and as_of_date between ? and ? and run_id = (
        select run_id from check_results as other
        where other.asset = found.asset and other.as_of_date = found.as_of_date
        order by other.rowid desc limit 1
    ) and {IS_DELIVERED}
group by check_name, observed
order by first_date, check_name, observed
"""
# A column that a contract has gained since is null in what they brought, until they are read again.
READ_EARLIER = """
select platform, dataset, count(*) as files, min(delivery_date) as first_date, max(delivery_date) as last_date
from deliveries where file_stamp is not null and instr(file_stamp, ? || ':') <> 1
group by platform, dataset order by platform, dataset
"""
PENDING = """
select pending_reason, count(*) as refund_count, sum(refund_amount) as refund_amount, min(refunded_date) as oldest
from marts.qc_refunds_pending group by pending_reason order by pending_reason
"""
UNMATCHED = f"""
from marts.qc_rows_unmatched as unmatched inner join ({FILES}) as files using (content_hash)
where files.delivery_date between $first and $last
"""
UNMATCHED_FILES = f"""
select files.delivery_date, files.file_name, unmatched.statement, unmatched.finding, count(*) as row_count,
    min(unmatched.line_number) as first_row, max(unmatched.line_number) as last_row
{UNMATCHED} group by all order by all desc limit 10
"""
UNMATCHED_COUNT = f"select count(*) as row_count, count(distinct content_hash) as file_count {UNMATCHED}"
EVER = {"first": date.min, "last": date.max}


def overview(settings: Settings) -> dict[str, Table]:
    """The tables of `siyu status`, by title."""
    audit = Audit(settings.audit_file)
    return {
        "Last deliveries": _rows(audit.query(DELIVERIES)),
        "Last runs": _runs(settings.dagster_home / "history" / "runs.db"),
        "Blocked": _rows(audit.query(BLOCKED)),
        "Quarantined rows": _rows(audit.query(QUARANTINE)),
        "Rows that reach nobody": _readable(lambda: catalogue_rows(settings, UNMATCHED_FILES, EVER)),
        "Files read by earlier contracts; a run of their days reads them again": _rows(
            audit.query(READ_EARLIER, [reader_of(load_contracts(settings.contract_directories))])
        ),
        "Refunds pending, not subtracted": _readable(lambda: catalogue_rows(settings, PENDING)),
        "Days that earlier logic built, see `siyu run --dry-run`": _readable(lambda: _old_days(settings)),
        "Delivered lists that would be others now": _recomputed(list(recomputations(settings.audiences))),
        f"Published in {settings.catalogue}": _readable(lambda: published(settings)),
    }


def first_delivery(settings: Settings) -> date | None:
    """The earliest delivery date that was ever booked or lies in the inbox now."""
    booked = {date.fromisoformat(str(row["delivery_date"])) for row in Audit(settings.audit_file).deliveries()}
    return min(booked.union(states(settings.inbox)), default=None)


def has_delivery(settings: Settings, first: date, last: date) -> bool:
    """Whether a file is booked under one of these delivery dates, taken or refused."""
    booked = "select 1 from deliveries where delivery_date between ? and ? limit 1"
    return bool(Audit(settings.audit_file).query(booked, [str(first), str(last)]))


def quarantined(settings: Settings, first: date, last: date) -> tuple[int, int]:
    """How many rows of how many files of these delivery dates were kept out."""
    counts = [
        int(str(file["rows_quarantined"]))
        for file in Audit(settings.audit_file).deliveries()
        if str(first) <= str(file["delivery_date"]) <= str(last)
    ]
    return sum(counts), sum(count > 0 for count in counts)


def unmatched(settings: Settings, first: date, last: date) -> tuple[int, int]:
    """How many rows of how many files of these delivery dates reach nobody, as published."""
    _, rows = catalogue_rows(settings, UNMATCHED_COUNT, {"first": first, "last": last})
    return (rows[0][0], rows[0][1]) if rows else (0, 0)


def rejected(settings: Settings, first: date, last: date) -> list[str]:
    """Each file with rules that its rows broke, and the first row of each; the plan first, totals left out."""
    return [
        f"quarantined: {row['file_path']} line {row['line_number']}{more}: {row['rule']}{column}: "
        f"{remedy_of(str(row['rule']))}; then deliver the file and run the day again"
        for row in Audit(settings.audit_file).query(REJECTED, [str(first), str(last)])
        for more in [f" and {row['more']} more" if row["more"] else ""]
        for column in [f" in {row['column_name']}" if row["column_name"] else ""]
    ]


def warned(settings: Settings, first: date, last: date) -> list[str]:
    """What the gate let pass in the campaign plans of these delivery dates, though it may not be meant."""
    return [
        f"warning: the campaign plan of {row['first_date']}"
        f"{' to ' + str(row['last_date']) if row['first_date'] != row['last_date'] else ''}: "
        f"{str(row['check_name']).removeprefix('content__')}: "
        f"{row['observed']}: {OF_THE_PLAN[str(row['check_name'])]}"
        for row in Audit(settings.audit_file).query(WARNED, [str(first), str(last)])
    ]


def report(settings: Settings, day: date) -> Path:
    return settings.reports / str(day) / "index.html"


def state_of(delivered: Mapping[date, str]) -> str:
    """A name for all that published numbers depend on: the files of the inbox, and the rules."""
    digest = hashlib.sha256(repr(sorted(delivered.items())).encode())
    for folder in (DBT_PROJECT, EXPECTATIONS, PROJECT_ROOT / "orchestration"):
        for file in sorted(folder.rglob("*")):
            if file.suffix in RULES:
                digest.update(file.read_bytes())
    return digest.hexdigest()


def last_complete(settings: Settings) -> str | None:
    """The state that was wholly published last, if the catalogue is still there."""
    mark = settings.warehouse / "published_state"
    return mark.read_text() if mark.exists() and settings.catalogue.exists() else None


def remember_complete(settings: Settings, state: str) -> None:
    (settings.warehouse / "published_state").write_text(state)


def _readable(read: Callable[[], Table]) -> Table:
    """What is read, or why it cannot be: the rest of the status can."""
    try:
        return read()
    except RuntimeError as error:
        return ["problem"], [[str(error)]]


def _old_days(settings: Settings) -> Table:
    """The days that stay as they were reported."""
    return [field.name for field in fields(OldDays)], [list(astuple(days)) for days in old_days(settings)]


def _recomputed(lists: list[Recomputation]) -> Table:
    """The newest of them."""
    lists.sort(key=lambda one: one.as_of_date, reverse=True)
    rows = [list(astuple(one)) for one in lists[:20]]
    return [field.name for field in fields(Recomputation)], rows


def _runs(history: Path) -> Table:
    if not history.exists():
        return [], []
    with closing(sqlite3.connect(f"{history.as_uri()}?mode=ro", uri=True)) as connection:
        cursor = connection.execute(RUNS)
        return [column[0] for column in cursor.description], [list(row) for row in cursor]


def _rows(rows: list[dict[str, object]]) -> Table:
    return (list(rows[0]), [list(row.values()) for row in rows]) if rows else ([], [])
