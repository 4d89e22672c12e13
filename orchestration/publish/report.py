"""The page of a day: how the brand does, then what was delivered, checked and published, and what is to be done.

Belongs here: choosing and grouping what the audit book and the manifests already say, and rendering the whole page.
Does not: the figures (`health/`), deciding anything. A page is a function of its content: no clock, no run id.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import jinja2

from orchestration.audit import Audit
from orchestration.publish.catalogue import PublishedTable
from orchestration.publish.health.blocks import Words, long_day
from orchestration.publish.health.page import read_health
from orchestration.publish.manifests import MANIFEST, RECOMPUTED, is_delivered, read_manifest
from orchestration.publish.remedies import remedy_of
from orchestration.publish.unmatched import unmatched_rows
from orchestration.publish.writers import write_if_changed

LINES_NAMED_ONE_BY_ONE = 100
WORDS = {
    "heading": Words("health and quality of the business day", "经营健康与数据质量日报"),
    "quality": Words("Quality report", "数据质量报告"),
    "footer": Words(
        "The figures are those of the catalogue as this page was written, the rows below can be queried there. "
        "Days end at midnight, Asia/Shanghai.",
        "数字取自生成本页时的发布目录，下列明细也可在其中查询。业务日以北京时间零点为界。",
    ),
}
SEAL = b"<!-- sha256 of all above:"

CHECKS = """
select as_of_date as day, asset, check_name, severity, passed, observed, expected, failing_row_count
from check_results where as_of_date between ? and ? order by rowid
"""

QUARANTINE = """
select distinct quarantine.* from quarantine
join deliveries using (platform, dataset, content_hash)
where deliveries.delivery_date between ? and ? order by line_number, rule, column_name
"""

DELIVER_AGAIN = "Correct the file, deliver it again in the same folder and run the day again."
REMEDIES = {
    "raw": f"What this dataset brought was left out. {DELIVER_AGAIN}",
    "outputs": "The last good version stays published. Find the failing rows with siyu query, correct the delivery"
    " that brought them and run the day again.",
}
OTHER_REMEDY = "The last good version stays published. Correct the delivery that caused it and run the day again."
HELD_REMEDY = "The last good version stays published. It follows by itself once what it reads has passed."


@dataclass(frozen=True)
class Problem:
    """Why something was not published, and what to do. Without a day it stands on every page of the run."""

    subject: str
    reason: str
    remedy: str = OTHER_REMEDY
    day: date | None = None


@dataclass(frozen=True)
class Publication:
    """What a run published: the catalogue with its tables, and what else went wrong."""

    tables: Sequence[PublishedTable] = ()
    problems: Sequence[Problem] = ()
    catalogue: Path | None = None


@dataclass
class _Day:
    """The rows of one page."""

    checks: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    deliveries: list[dict[str, Any]] = field(default_factory=list)


def write_reports(days: Sequence[date], audit: Audit, publication: Publication, published: Path) -> int:
    """Writes `reports/<day>/index.html` for each day; returns how many pages changed. Lists are read from the
    manifests in `published/audiences`, which say what is really there."""
    if not days:
        return 0
    rows = _days(audit, min(days), max(days))
    quarantined = _quarantine(audit, min(days), max(days))
    contents = {delivery["content_hash"] for one in rows.values() for delivery in one.deliveries}
    unmatched = unmatched_rows(publication.catalogue, publication.tables, contents)
    health = read_health(publication.catalogue, publication.tables, days)
    written = 0
    for day in days:
        lists = [_list(file.parent) for file in sorted((published / "audiences").glob(f"*/{day}/{MANIFEST}"))]
        content = _content(day, rows[day.isoformat()], quarantined, publication, lists)
        loaded = [delivery for delivery in content["deliveries"] if delivery["status"] == "loaded"]
        content["unmatched"] = [(one, rows) for one in loaded for rows in unmatched.get(one["content_hash"], [])]
        page = _template().render(WORDS | content | {"long_day": long_day(day), "health": health[day]})
        page_file = published / "reports" / day.isoformat() / "index.html"
        written += write_if_changed(page_file, _sealed(page.encode()), 0o644)
    return written


def is_as_written(page: bytes) -> bool:
    """Whether a page is the bytes that its last line names."""
    content, found, _ = page.rpartition(SEAL)
    return bool(found) and page == _sealed(content)


def _sealed(page: bytes) -> bytes:
    return page + SEAL + f" {hashlib.sha256(page).hexdigest()} -->\n".encode()


@cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["thousands"] = lambda number: "" if number is None else f"{number:,}"
    environment.filters["lines"] = _lines
    environment.filters["sentence"] = lambda name: name.split("__", 1)[-1].replace("_", " ")
    # A file by what stands below its date: two shops' exports often bear one name.
    environment.filters["place"] = lambda one: "/".join([*Path(one["file_path"]).parts[3:-1], one["file_name"]])
    return environment.get_template("report.html.jinja")


def _days(audit: Audit, first: date, last: date) -> dict[str, _Day]:
    """Deliveries and the latest result of every check, by day."""
    days: dict[str, _Day] = defaultdict(_Day)
    for check in audit.query(CHECKS, (first.isoformat(), last.isoformat())):
        days[str(check["day"])].checks[str(check["asset"]), str(check["check_name"])] = check
    for delivery in audit.deliveries():
        if first.isoformat() <= str(delivery["delivery_date"]) <= last.isoformat():
            days[str(delivery["delivery_date"])].deliveries.append(delivery)
    return days


def _quarantine(audit: Audit, first: date, last: date) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
    """Rejected rows by delivered content."""
    rows: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in audit.query(QUARANTINE, (first.isoformat(), last.isoformat())):
        rows[row["platform"], row["dataset"], row["content_hash"]].append(row)
    return rows


def _content(
    day: date,
    rows: _Day,
    quarantined: dict[tuple[Any, ...], list[dict[str, Any]]],
    publication: Publication,
    lists: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    checks = sorted(rows.checks.values(), key=lambda c: (c["passed"], c["severity"], c["asset"], c["check_name"]))
    problems = [
        *(problem for problem in publication.problems if problem.day in (None, day)),
        *_refused(rows.deliveries),
        *_failed(checks),
        *_held(publication.tables, checks),
    ]
    columns = ("rows_read", "rows_loaded", "rows_duplicate", "rows_superseded", "rows_quarantined", "rows_forgotten")
    return {
        "day": day,
        "problems": problems,
        "passed": [check for check in checks if check["passed"]],
        "not_passed": [check for check in checks if not check["passed"]],
        "warning_count": sum(not check["passed"] and check["severity"] == "warning" for check in checks),
        "deliveries": rows.deliveries,
        "totals": {name: sum(delivery[name] for delivery in rows.deliveries) for name in columns},
        "quarantine": list(_rejected(rows.deliveries, quarantined)),
        "tables": [table for table in publication.tables if table.table_schema != "audit"],
        "lists": lists,
    }


def _refused(deliveries: Iterable[dict[str, Any]]) -> Iterable[Problem]:
    for delivery in deliveries:
        if delivery["status"] == "refused":
            subject = f"{delivery['platform']}/{delivery['dataset']}: {delivery['file_name']}"
            yield Problem(subject, f"The whole file was refused: {delivery['reason']}", DELIVER_AGAIN)


def _failed(checks: Iterable[dict[str, Any]]) -> Iterable[Problem]:
    for check in checks:
        if not check["passed"] and check["severity"] == "error":
            layer = str(check["asset"]).split("/", 1)[0]
            sentence = str(check["check_name"]).replace("__", ": ", 1).replace("_", " ")
            reason = f"{sentence} – observed {check['observed']}; expected {check['expected']}"
            yield Problem(str(check["asset"]), reason, REMEDIES.get(layer, OTHER_REMEDY))


def _held(tables: Iterable[PublishedTable], checks: Iterable[dict[str, Any]]) -> Iterable[Problem]:
    """Tables that kept their last version although no check of their own failed."""
    explained = {str(check["asset"]).replace("/", ".") for check in checks if not check["passed"]}
    held = [table.full_name for table in tables if table.is_held and table.full_name not in explained]
    if held:
        subject = held[0] if len(held) == 1 else f"{len(held)} tables of the catalogue"
        yield Problem(
            subject, f"Not renewed in this run, as something before did not pass: {', '.join(held)}", HELD_REMEDY
        )


def _list(folder: Path) -> dict[str, Any]:
    """What was delivered, with the difference to what is known now."""
    beside = folder / RECOMPUTED
    return read_manifest(folder) | {"now": read_manifest(beside)["difference"] if is_delivered(beside) else None}


def _rejected(
    deliveries: Iterable[dict[str, Any]], quarantined: dict[tuple[Any, ...], list[dict[str, Any]]]
) -> Iterable[dict[str, Any]]:
    """Every quarantined row of the day's files, the lines of one rule and column together."""
    for delivery in deliveries:
        rows = quarantined.get((delivery["platform"], delivery["dataset"], delivery["content_hash"]), [])
        if delivery["status"] == "duplicate":
            continue
        by_rule: dict[tuple[Any, Any], list[int]] = defaultdict(list)
        for row in rows:
            by_rule[row["rule"], row["column_name"]].append(row["line_number"])
        for (rule, column), lines in by_rule.items():
            yield {
                "delivery": delivery,
                "rule": rule,
                "column": column,
                "count": len(lines),
                "lines": _lines(lines),
                "remedy": remedy_of(rule),
            }


def _lines(numbers: Sequence[int]) -> str:
    """Line numbers one by one, or as ranges where there are many."""
    if len(numbers) <= LINES_NAMED_ONE_BY_ONE:
        return ", ".join(map(str, numbers))
    runs = [[n for _, n in run] for _, run in groupby(enumerate(sorted(set(numbers))), lambda pair: pair[1] - pair[0])]
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
