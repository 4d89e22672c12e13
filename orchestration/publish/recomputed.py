"""Beside a list that was delivered: what it would be by what is known now, and the difference.

A delivered list never changes, since somebody may have sent it. Belongs here: the folder `recomputed` of a list, which
is replaced by every recomputation and goes when there is no difference any more. Does not: what a list holds, and
the check of its bytes (`audiences.py`).
"""

import shutil
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publish import writers
from orchestration.publish.destinations import AUDIENCE_LIST, FREE_TEXT, LOOKED_UP, Column
from orchestration.publish.manifests import (
    MANIFEST,
    MEMBERS,
    RECOMPUTED,
    is_delivered,
    named_files,
    place,
    read_manifest,
)

DIFFERENCE = "difference.csv"
NO_CANDIDATE = "no_longer_candidate"
COLUMNS = {column.name: "VARCHAR" for column in AUDIENCE_LIST}
DIFFERENCE_COLUMNS = (Column("change", FREE_TEXT), *AUDIENCE_LIST, Column("current_decision", FREE_TEXT))

LIST = """read_csv(${file}, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',
    columns = ${columns})"""
# A list that was delivered before a column was added has none of it, so nobody asks what it would hold now.
COMPARED = ", ".join(f"case when list_contains($compared, '{name}') then {name} end as {name}" for name in COLUMNS)
LISTS = f"""
recomputed as (
    select {COMPARED} from {LIST.format(file="recomputed", columns="columns")}
),
delivered as (
    select {COMPARED} from (
        from {LIST.format(file="delivered", columns="delivered_columns")} union all by name (from recomputed limit 0)
    )
)
"""

# Whoever is in treatment is on the list: a row of such a customer that was removed was replaced by another.
ROWS = f"""
with {LISTS},
changed as (
    select 'added' as change, * from (from recomputed except all from delivered)
    union all
    select 'removed' as change, * from (from delivered except all from recomputed)
),
decided as (
    select cast(customer_key as varchar) as customer_key, coalesce(min(suppressed_reason), min(arm)) as decision
    from outputs.audience_decisions where campaign_id = $campaign_id and as_of_date = $day group by customer_key
)
select changed.*, coalesce(decided.decision, $undecided) as current_decision
from changed left join decided on changed.customer_key = decided.customer_key
order by all
"""

CUSTOMERS = f"""
with {LISTS}
select count(*) filter (where before.customer_key is null), count(*) filter (where now.customer_key is null)
from (select distinct customer_key from delivered) as before
full join (select distinct customer_key from recomputed) as now on before.customer_key = now.customer_key
"""


class AlteredListError(ValueError):
    """A delivered file is not the one that its manifest names, so nothing can be compared with it."""


@dataclass(frozen=True)
class Recomputation:
    """A delivered list that would be another by what is known now: how many customers more and fewer, and where the
    rows are. `reason`, where there would be no list at all."""

    campaign_id: str
    as_of_date: date
    customers_added: int
    customers_removed: int
    reason: str | None
    difference: Path

    def __str__(self) -> str:
        gain = f"+{self.customers_added} \N{MINUS SIGN}{self.customers_removed}"
        if gain == "+0 \N{MINUS SIGN}0":
            gain = "other rows of the same customers"
        return (
            f"list {self.campaign_id} of {self.as_of_date} was delivered; what is known now gives "
            f"{gain}{f' ({self.reason})' if self.reason else ''}: {self.difference}"
        )


def recomputations(audiences: Path, days: Container[date] | None = None) -> Iterator[Recomputation]:
    """The delivered lists, of these days or of all, that would be others now, by campaign and day."""
    for file in sorted(audiences.glob(f"*/*/{RECOMPUTED}/{MANIFEST}")):
        if days is None or date.fromisoformat(file.parts[-3]) in days:
            told = read_manifest(file.parent)["difference"]
            counts = (told["customers_added"], told["customers_removed"], told["reason"])
            yield Recomputation(file.parts[-4], date.fromisoformat(file.parts[-3]), *counts, file.parent / told["file"])


def compare(
    connection: duckdb.DuckDBPyConnection, folder: Path, draft: Path, manifest: dict[str, Any], reason: str | None
) -> bool:
    """Keeps a recomputed draft beside the delivered list, or removes the last one where they are equal. Returns whether
    they differ. `reason`: why the list is not due any more."""
    if not is_delivered(folder):
        raise AlteredListError(
            f"{folder / MANIFEST} is gone: put it back, or move the folder away, and run the day again"
        )
    delivered = read_manifest(folder)
    for named in named_files(delivered):
        file = place(folder, named)
        if not file.is_file() or writers.sha256(file) != named["sha256"]:
            raise AlteredListError(f"{file} is not the file that was delivered: put it back and run the day again")
    if delivered["sha256"] == manifest["sha256"]:
        _discard(folder / RECOMPUTED)
        return False
    rows = writers.temporary(folder / RECOMPUTED / DIFFERENCE)
    own = dict.fromkeys(delivered["columns"], "VARCHAR")
    lists = {"delivered": str(place(folder, delivered)), "delivered_columns": own}
    looked_up = {column.name for column in LOOKED_UP}
    compared = [name for name in own if name not in looked_up]
    lists |= {"recomputed": str(draft), "columns": COLUMNS, "compared": compared}
    keys = {"campaign_id": manifest["campaign_id"], "day": manifest["as_of_date"]}
    difference = _write_difference(connection, rows, lists, keys | {"undecided": reason or NO_CANDIDATE})
    if not difference["rows"]:
        _discard(folder / RECOMPUTED)
        return False
    named = {
        "delivered": {name: delivered[name] for name in ("file", "rows", "sha256")},
        "difference": difference | {"reason": reason},
    }
    _replace(folder / RECOMPUTED, draft, rows, writers.json_bytes(manifest | named))
    return True


def _write_difference(
    connection: duckdb.DuckDBPyConnection, target: Path, lists: dict[str, Any], keys: dict[str, Any]
) -> dict[str, Any]:
    """Writes every row that came or went, and says what was written."""
    rows = connection.execute(ROWS, lists | keys)
    count = writers.write_csv(target, DIFFERENCE_COLUMNS, iter(rows.fetchone, None))
    added, removed = connection.execute(CUSTOMERS, lists).fetchall()[0]
    return {
        "file": DIFFERENCE,
        "rows": count,
        "sha256": writers.sha256(target),
        "customers_added": added,
        "customers_removed": removed,
    }


def _replace(beside: Path, members: Path, difference: Path, manifest: bytes) -> None:
    """The manifest goes first and comes last: without it a list does not exist."""
    if is_delivered(beside) and (beside / MANIFEST).read_bytes() == manifest:
        return
    (beside / MANIFEST).unlink(missing_ok=True)
    writers.install(members, beside / MEMBERS)
    writers.install(difference, beside / DIFFERENCE)
    writers.write_if_changed(beside / MANIFEST, manifest, 0o600)


def _discard(beside: Path) -> None:
    (beside / MANIFEST).unlink(missing_ok=True)
    if beside.exists():
        shutil.rmtree(beside)
