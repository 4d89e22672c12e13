"""The proof that an installation is what its book and its manifests say: `siyu verify`, offline and read-only.

Belongs here: what is compared with what, and a line for everything that does not agree.
Does not: repairing anything, building (`transform/`), and printing (`cli.py`).
"""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.audit import Audit
from orchestration.extract.lake import bring_up_to_date
from orchestration.progress import Stages
from orchestration.publish import machine_files
from orchestration.publish.integrity import altered_tables
from orchestration.publish.manifests import MANIFEST, is_for_machines, named_files, place
from orchestration.publish.report import is_as_written
from orchestration.publish.writers import sha256
from orchestration.settings import DBT_PROJECT, Settings
from orchestration.transform.arguments import fingerprint
from orchestration.transform.beside import Tell, as_written, build_beside, key_columns, workspace
from orchestration.transform.equality import Comparison, compare_builds, is_by_day, outdated_days
from orchestration.transform.lock import sole_writer
from orchestration.transform.plan import derive_plan

ROWS = ("rows_loaded", "rows_duplicate", "rows_superseded", "rows_quarantined", "rows_forgotten")
QUARANTINED = """
select platform, dataset, content_hash, count(distinct line_number) as row_count from quarantine
group by platform, dataset, content_hash
"""
IN_LAKE = """
select count(*), count(*) filter (content_hash <> $content), bit_xor(hash(columns(*)))
from read_parquet($file, hive_partitioning = false)
"""
Say = Callable[[str], object]


@dataclass(frozen=True)
class Problem:
    """Something that is not what it is said to be: which file or table, what is wrong, what to do."""

    subject: str
    rule: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.rule}. {self.remedy}"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; a `problem` where it does not agree."""

    subject: str
    problem: Problem | None = None


Check = Callable[[Settings], Iterator[Finding]]


@dataclass(frozen=True)
class Outcome:
    """A check after it was made: how many things were looked at, and what is wrong."""

    title: str
    count: int
    problems: tuple[Problem, ...]


def verify(settings: Settings, with_rebuild: bool, stages: Stages) -> list[Outcome]:
    """Makes every check, telling its progress."""
    stages.expect({"verify": len(CHECKS)})
    outcomes = []
    for title, check in CHECKS.items():
        stages.begin("verify", title)
        outcomes.append(_outcome(title, check(settings)))
        stages.advance("verify", title)
    if with_rebuild:
        stages.say("Building all tables once more, beside the live ones …")
        findings = rebuilt_tables(settings, stages.say, stages.follow("rebuild"))
        outcomes.append(_outcome("Tables against a rebuild", findings))
    return outcomes


def _outcome(title: str, findings: Iterator[Finding]) -> Outcome:
    found = list(findings)
    return Outcome(title, len(found), tuple(finding.problem for finding in found if finding.problem))


def row_accounts(settings: Settings) -> Iterator[Finding]:
    """Rows read = loaded + duplicate + superseded + quarantined + forgotten, of every delivered file."""
    for row in _deliveries(settings):
        accounted = sum(row[name] for name in ROWS)
        ok = row["rows_read"] == accounted
        rule = f"{row['rows_read']} rows were read but {accounted} are accounted for"
        yield _finding(row["file_path"], ok, rule, _land_again(row))


def lake_files(settings: Settings) -> Iterator[Finding]:
    """Every loaded content lies in the lake, whole, with the promised number of rows."""
    with duckdb.connect() as connection:
        for row in _deliveries(settings):
            if row["status"] == "loaded":
                rule = _lake_rule(connection, settings.lake / row["lake_path"], row)
                remedy = f"Remove what is left of it. {_land_again(row)}"
                yield _finding(f"lake/{row['lake_path']}", not rule, rule, remedy)


def _lake_rule(connection: duckdb.DuckDBPyConnection, file: Path, row: dict[str, Any]) -> str:
    """What is wrong with the file of a content; nothing where all is right."""
    if not file.is_file():
        return f"the content of {row['file_path']} is missing"
    try:
        parameters = {"file": str(file), "content": row["content_hash"]}
        rows, strange, *_ = connection.execute(IN_LAKE, parameters).fetchall()[0]
    except duckdb.Error:
        return f"the content of {row['file_path']} cannot be read"
    promised = row["rows_loaded"]
    if strange:
        return f"{strange} rows are not of {row['file_path']}"
    return "" if rows == promised else f"it holds {rows} rows, but {promised} were loaded from {row['file_path']}"


def quarantined_rows(settings: Settings) -> Iterator[Finding]:
    """Every row that was kept out is booked with its line and rule."""
    audit = Audit(settings.audit_file)
    booked = {_content(row): row["row_count"] for row in audit.query(QUARANTINED)}
    for row in _deliveries(settings):
        if row["status"] == "loaded" and row["rows_quarantined"]:
            found = booked.get(_content(row), 0)
            rule = f"{row['rows_quarantined']} rows were quarantined but {found} are booked"
            yield _finding(row["file_path"], found == row["rows_quarantined"], rule, _land_again(row))


def audience_lists(settings: Settings) -> Iterator[Finding]:
    """Every list is the bytes that its manifest names, recomputed ones and those of replays included."""
    for manifest in sorted(settings.published.rglob(MANIFEST)):
        folder = manifest.parent.relative_to(settings.home)
        rule = _list_rule(manifest) and _list_rule(manifest)  # a run may be replacing it while it is read
        remedy = f"Do not send it: put the file back, or remove {folder} and run the day again, which makes a new list."
        yield _finding(str(folder), not rule, rule, remedy)


def _list_rule(manifest: Path) -> str:
    """What is wrong with the files that a manifest names; nothing where all is right."""
    try:
        said = json.loads(manifest.read_bytes())
        rules = [_file_rule(manifest.parent, named) for named in named_files(said)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return f"{MANIFEST} cannot be read"
    return "; ".join(filter(None, rules))


def _file_rule(folder: Path, named: dict[str, Any]) -> str:
    file = place(folder, named)
    if not file.is_file():
        return f"{named['file']} is missing"
    if (found := sha256(file)) != named["sha256"]:
        return f"the sha256 of {named['file']} is {found[:12]}…, not {named['sha256'][:12]}…: it was changed"
    rows = _row_count(file, named)
    return "" if rows == named["rows"] else f"{named['file']} holds {rows} rows, not {named['rows']}"


def _row_count(file: Path, named: dict[str, Any]) -> int:
    if is_for_machines(named):
        return len(machine_files.read(file)[1])
    with file.open(encoding="utf-8", newline="") as stream:
        return sum(1 for _ in csv.reader(stream)) - 1


def catalogues(settings: Settings) -> Iterator[Finding]:
    """Every table of the published catalogue, and of those of replays, is what was published."""
    for catalogue in sorted(settings.published.rglob(settings.catalogue.name)):
        place = str(catalogue.relative_to(settings.home))
        remedy = f"Remove {place} and run any day again: it is written anew from the warehouse."
        if catalogue != settings.catalogue:
            remedy = f"Remove {catalogue.parent} and replay the day again."
        for table, rule in altered_tables(catalogue):
            yield _finding(f"{place}: {table}", not rule, rule, remedy)


def quality_pages(settings: Settings) -> Iterator[Finding]:
    """Every quality page is the bytes that were written."""
    for page in sorted(settings.reports.glob("*/index.html")):
        remedy = f"Remove it and run `siyu run --day {page.parent.name}`, which writes it anew."
        ok = is_as_written(page.read_bytes())
        yield _finding(str(page.relative_to(settings.home)), ok, "it is not the page that was written", remedy)


CHECKS: dict[str, Check] = {
    "Row accounts of delivered files": row_accounts,
    "Contents in the lake": lake_files,
    "Files with quarantined rows": quarantined_rows,
    "Audience lists": audience_lists,
    "Tables of catalogues": catalogues,
    "Quality pages": quality_pages,
}


def rebuilt_tables(settings: Settings, say: Say, tell: Tell) -> Iterator[Finding]:
    """Every mart and output holds the rows of a rebuild from nothing. Runs wait until it is finished."""
    with sole_writer(settings.warehouse, "siyu verify", say), workspace(settings.beside, say) as place:
        if not settings.build_mark.exists():
            run = "Run any day with `siyu run`, then verify again."
            yield _finding("warehouse", False, "it is not the result of a complete build", run)
            return
        plan = derive_plan(Audit(settings.audit_file), settings.plan, fingerprint(DBT_PROJECT))
        if plan.built_by != plan.project:
            run = "Run any day with `siyu run`, which builds them by today's rules, then verify again."
            yield _finding("warehouse", False, "its tables were built by other rules than today's", run)
            return
        bring_up_to_date(settings.contract_directories, settings.lake)
        fresh = derive_plan(Audit(settings.audit_file), place / "plan", fingerprint(DBT_PROJECT))
        build = build_beside(settings, place, as_written(fresh, settings.plan), tell)
        left_out = outdated_days(settings.databases, build.databases, build.manifest)
        keys = key_columns(build.manifest)
        for name, days in sorted(left_out.items()):
            part = f"{len(days)} days" if is_by_day(keys.get(name, ())) else f"the table, for it holds {len(days)} days"
            say(f"{name}: {part} that earlier logic built: left out until they are run again.")
        for table in compare_builds(settings.databases, build.databases, keys, left_out, place):
            yield _rebuilt(table)


def _rebuilt(table: Comparison) -> Finding:
    remedy = "Delete the warehouse folder and run any day again: all is built anew from the lake, by today's logic."
    return _finding(table.table, table.is_equal, table.reason, remedy)


def is_empty(settings: Settings) -> bool:
    """Whether nothing was ever delivered or published here."""
    return not settings.published.exists() and not (
        settings.audit_file.exists() and Audit(settings.audit_file).deliveries()
    )


def _deliveries(settings: Settings) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = Audit(settings.audit_file).query(
        "select * from deliveries order by delivery_date, file_path"
    )
    return rows


def _content(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["platform"], row["dataset"], row["content_hash"]


def _land_again(row: dict[str, Any]) -> str:
    day = date.fromisoformat(row["delivery_date"])
    return f"See that inbox/{row['file_path']} is there, and run `siyu run --day {day}` again."


def _finding(subject: str, ok: bool, rule: str, remedy: str) -> Finding:
    return Finding(subject, None if ok else Problem(subject, rule, remedy))
