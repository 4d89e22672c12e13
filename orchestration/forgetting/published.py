"""Takes a person out of what was published and kept: lists of all days, replays, results of checks, pages, logs.

Belongs here: files that lie under `published/` and beside it. Does not: lake and inbox, and the tables, which are built
anew without the person (`erasure.py`).
"""

import csv
import hashlib
import io
import json
import shutil
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.audit import Audit
from orchestration.forgetting.inbox import mentions
from orchestration.forgetting.person import Person
from orchestration.publish import writers
from orchestration.publish.catalogue import published_tables
from orchestration.publish.recomputed import FOLDER, MANIFEST, read_manifest
from orchestration.publish.report import Publication, write_reports
from orchestration.settings import Settings

ACCOUNT = ("platform", "shop_id", "account_id")
NAMED = ("file", "rows", "sha256")
AFTER = "after_forgetting"
OURS = ("inbox", "lake", "vault", "published", "audit", "truth")  # looked after by name; `truth` is the simulation's


def erase_from_lists(audiences: Path, person: Person) -> tuple[int, int]:
    """Removes the person's rows and says so in the manifests. Returns how many rows of how many lists."""
    with writers.exclusive(audiences, "**/"):
        counts = [_erase(file, person) for file in sorted(audiences.rglob(MANIFEST), key=lambda file: len(file.parts))]
    return sum(counts), sum(count > 0 for count in counts)


def rows_in_lists(audiences: Path, person: Person) -> int:
    files = (file for file in audiences.rglob("*.csv"))
    return sum(_without(file, person)[1] for file in files)


def _erase(manifest: Path, person: Person) -> int:
    """The manifest says first what the files are going to be, and last what they are: a kill leaves a way on."""
    said = json.loads(manifest.read_bytes())
    parts = [part for part in (said, said.get("difference")) if part]
    files = {id(part): manifest.parent / Path(part["file"]).name for part in parts}
    changed: dict[Path, bytes] = {}
    count = 0
    for part in parts:
        content, gone = _without(files[id(part)], person)
        if gone:
            changed[files[id(part)]] = content
            part[AFTER] = {
                "rows": part["rows"] - gone,
                "sha256": hashlib.sha256(content).hexdigest(),
                "forgotten": gone,
            }
            count += gone
    if changed:
        _write(manifest, said)
    for file, content in changed.items():
        writers.write_if_changed(file, content, 0o600)
    if any(AFTER in part for part in parts):
        for part in parts:
            after = part.pop(AFTER, {"forgotten": 0})
            part.update(after, forgotten=part.get("forgotten", 0) + after["forgotten"])
        if manifest.parent.name == FOLDER and "delivered" in said:
            said["delivered"] = {name: read_manifest(manifest.parent.parent)[name] for name in NAMED}
        _write(manifest, said)
    return count


def _write(manifest: Path, said: dict[str, Any]) -> None:
    writers.write_if_changed(manifest, writers.json_bytes(said), 0o600)


def _without(file: Path, person: Person) -> tuple[bytes, int]:
    """The rows of everybody else, and how many others there were."""
    accounts, customers = set(person.accounts), set(map(str, person.customers))
    out, gone = io.StringIO(newline=""), 0
    with file.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(rows.fieldnames or ())
        for row in rows:
            account = tuple(row.get(name, "").removeprefix("'") for name in ACCOUNT)
            if account in accounts or row.get("customer_key") in customers:
                gone += 1
            else:
                writer.writerow(row.values())
    return out.getvalue().encode(), gone


def remove_replays(replays: Path, person: Person) -> int:
    """A replay that holds the person goes as a whole: it can be made again."""
    held = [folder for folder in sorted(replays.glob("*")) if folder.is_dir() and _holds(folder, person)]
    for folder in held:
        shutil.rmtree(folder)
    return len(held)


def _holds(folder: Path, person: Person) -> bool:
    names = ["/".join(account) for account in person.accounts]
    own = "concat_ws('/', platform, shop_id, account_id) in (select unnest(?::varchar[]))"
    try:
        with duckdb.connect(str(folder / "siyu.duckdb"), read_only=True) as connection:
            found = connection.execute(f"select count(*) from marts.customer_accounts where {own}", [names])
            return bool(found.fetchall()[0][0])
    except duckdb.Error:
        return True


def remove_traces(settings: Settings, person: Person) -> int:
    """Logs and scratch files that name the person go; so does Dagster's memory if it does, which nothing depends on."""
    count = 0
    for file in traces(settings, person):
        count += 1
        if file.is_relative_to(settings.dagster_home):
            shutil.rmtree(settings.dagster_home, ignore_errors=True)
        file.unlink(missing_ok=True)
    return count


def traces(settings: Settings, person: Person) -> Iterator[Path]:
    """Files that are no data and name the person."""
    for file in sorted(settings.home.rglob("*")):
        is_data = file.relative_to(settings.home).parts[0] in OURS or file.suffix in (".duckdb", ".parquet", ".wal")
        if not is_data and mentions(file, person.pattern):
            yield file


def pages_about(settings: Settings, person: Person) -> list[Path]:
    return [page for page in sorted(settings.reports.glob("*/*.html")) if mentions(page, person.pattern)]


def write_pages_anew(settings: Settings, pages: Iterable[Path]) -> None:
    """From the book, in which the person is not named any more."""
    days = [date.fromisoformat(page.parent.name) for page in pages]
    publication = Publication(tables=published_tables(settings.catalogue))
    write_reports(days, Audit(settings.audit_file), publication, settings.published)
