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
from orchestration.publish import machine_files, writers
from orchestration.publish.catalogue import published_tables
from orchestration.publish.manifests import (
    CHANNELS,
    MANIFEST,
    MEMBERS,
    RECOMPUTED,
    named_files,
    place,
    read_manifest,
    was_delivered,
)
from orchestration.publish.recipients import phone_forms
from orchestration.publish.report import Publication, write_reports
from orchestration.settings import Settings

ACCOUNT = ("platform", "shop_id", "account_id")
NAMED = ("file", "rows", "sha256")
AFTER = "after_forgetting"
OURS = ("inbox", "lake", "vault", "published", "audit", "truth")  # looked after by name; `truth` is the simulation's


def erase_from_lists(audiences: Path, person: Person) -> tuple[int, int]:
    """Removes the person's rows and says so in the manifests. Returns how many rows of how many lists."""
    with writers.exclusive(audiences, "**/"):
        _remove_undelivered(audiences)
        counts = [_erase(file, person) for file in sorted(audiences.rglob(MANIFEST), key=lambda file: len(file.parts))]
    return sum(counts), sum(count > 0 for count in counts)


def rows_in_lists(audiences: Path, person: Person) -> int:
    lists = (file for file in audiences.rglob("*.csv") if CHANNELS not in file.relative_to(audiences).parts)
    count = sum(_without(file, person)[1] for file in lists)
    said = ((file.parent, json.loads(file.read_bytes())) for file in audiences.rglob(MANIFEST))
    named = ((folder, *one) for folder, told in said for one in _machine_files(told, person))
    return count + sum(_without_ids(place(folder, one), ids)[1] for folder, one, ids in named)


def _remove_undelivered(audiences: Path) -> None:
    """What a killed run left of lists that nobody was shown."""
    for folder in audiences.glob("*/*-*-*"):
        if not was_delivered(folder):
            (folder / MEMBERS).unlink(missing_ok=True)
            shutil.rmtree(folder / CHANNELS, ignore_errors=True)


def _machine_files(said: dict[str, Any], person: Person) -> Iterator[tuple[dict[str, Any], set[str]]]:
    """What a manifest says of each file for machines, with the ids that are the person's there."""
    for channel in said.get("channels", ()):
        for named in channel["files"]:
            yield named, _ids(person, channel, named["part"])


def _ids(person: Person, channel: dict[str, Any], part: str) -> set[str]:
    if channel["id_type"] == "phone":
        return phone_forms({*person.phones, *([person.phone] if person.phone else [])})
    if channel["id_type"] == "order":
        return {fact[-1] for fact in person.orders}
    shop = part if channel["divided_by"] == "shop_id" else None
    return {
        account
        for platform, own, account in person.accounts
        if channel["platform"] in (None, platform) and shop in (None, own)
    }


def _erase(manifest: Path, person: Person) -> int:
    """The manifest says first what the files are going to be, and last what they are: a kill leaves a way on."""
    said = json.loads(manifest.read_bytes())
    parts = list(named_files(said))
    own = {id(named): ids for named, ids in _machine_files(said, person)}
    changed: dict[Path, bytes] = {}
    count = 0
    for part in parts:
        file = place(manifest.parent, part)
        content, gone = _without_ids(file, own[id(part)]) if id(part) in own else _without(file, person)
        if gone:
            changed[file] = content
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
        _settle(manifest, said, parts)
    return count


def _settle(manifest: Path, said: dict[str, Any], parts: Iterable[dict[str, Any]]) -> None:
    """The files are what was announced."""
    for part in parts:
        after = part.pop(AFTER, {"forgotten": 0})
        part.update(after, forgotten=part.get("forgotten", 0) + after["forgotten"])
    if manifest.parent.name == RECOMPUTED and "delivered" in said:
        said["delivered"] = {name: read_manifest(manifest.parent.parent)[name] for name in NAMED}
    _write(manifest, said)


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


def _without_ids(file: Path, ids: set[str]) -> tuple[bytes, int]:
    """The same of a file for machines, by the ids in it."""
    header, rows = machine_files.read(file)
    kept = [row for row in rows if row[0] not in ids]
    return machine_files.content_of(file, header, kept), len(rows) - len(kept)


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
    publication = Publication(published_tables(settings.catalogue), (), settings.catalogue)
    write_reports(days, Audit(settings.audit_file), publication, settings.published)
