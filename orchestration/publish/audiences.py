"""Audience lists: one folder per campaign and day, with the members' file and the manifest that makes it count.

A list is what its manifest says: the manifest is written last, and names the file by its checksum. Belongs here:
which lists there are, and the check of the very bytes. Does not: who is a member (`outputs.audience_members`).
"""

import json
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publish import writers
from orchestration.publish.databases import reading
from orchestration.publish.destinations import AUDIENCE_LIST, CAMPAIGN_ID

MANIFEST = "manifest.json"

DECISIONS = """
select campaign_id, as_of_date, suppressed_reason, arm, count(*)
from outputs.audience_decisions where as_of_date in (select unnest($days::date[]))
group by all order by all
"""

MEMBERS = f"""
select {", ".join(column.name for column in AUDIENCE_LIST)}
from outputs.audience_members where as_of_date in (select unnest($days::date[])) order by all
"""

# What each file holds: its rows, its customers, and the rows of a customer whom any decision keeps out of treatment.
ON_FILE = """
with written as (
    select unnest($files::varchar[]) as filename, unnest($campaigns::varchar[]) as campaign_id,
        unnest($days::date[]) as as_of_date
),
allowed as (
    select campaign_id, as_of_date, customer_key,
        bool_and(suppressed_reason is null and arm is not distinct from 'treatment') as is_allowed
    from outputs.audience_decisions where as_of_date in (select as_of_date from written)
    group by campaign_id, as_of_date, customer_key
)
select written.campaign_id, written.as_of_date, count(*), count(distinct list.customer_key),
    count(*) filter (where allowed.is_allowed is not true)
from read_csv($files, filename = true, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',
    columns = $columns) as list
join written on list.filename = written.filename
left join allowed on written.campaign_id = allowed.campaign_id and written.as_of_date = allowed.as_of_date
    and list.customer_key = cast(allowed.customer_key as varchar)
group by written.campaign_id, written.as_of_date
"""

NOT_A_FOLDER = "a campaign id must be 1 to 64 letters, digits, '_', '-' or Chinese characters: rename it in the plan"

Key = tuple[str, date]  # a campaign and a day
Row = tuple[Any, ...]


@dataclass(frozen=True)
class AudienceList:
    """One list after publishing: `written`, `unchanged`, `withdrawn` (no longer due) or `blocked` (old one stays)."""

    campaign_id: str
    as_of_date: date
    status: str
    rows: int = 0
    reason: str | None = None


@dataclass(frozen=True)
class _Campaign:
    """A line of the campaign plan; a list whose campaign has left the plan has no template, channel or dates."""

    campaign_id: str
    template: str | None = None
    channel: str | None = None
    start_date: date | None = None
    end_date: date | None = None
    parameters: dict[str, Any] = field(default_factory=dict)

    def is_active(self, day: date) -> bool:
        return self.start_date is not None and self.end_date is not None and self.start_date <= day <= self.end_date


@dataclass(frozen=True)
class _Draft:
    """A list that is written and that nobody sees yet, or the reason why it could not be written."""

    key: Key
    folder: Path
    rows: int = 0
    reason: str | None = None

    @property
    def file(self) -> Path:
        return writers.temporary(self.folder / "members.csv")


def publish_audiences(warehouse: Path, audiences: Path, days: Sequence[date]) -> list[AudienceList]:
    """Brings the lists of these days to what the warehouse says; a list that fails blocks no other."""
    with writers.exclusive(audiences, "*/*/"), reading(warehouse) as connection:
        campaigns = {campaign.campaign_id: campaign for campaign in _campaigns(connection)}
        decided = _decisions(connection, days)
        active = {(name, day) for name, campaign in campaigns.items() for day in days if campaign.is_active(day)}
        due = {key: campaigns.get(key[0], _Campaign(key[0])) for key in sorted(active | decided.keys())}
        drafts = list(_drafts(audiences, due, _members(connection, days)))
        on_file = _read_back(connection, drafts)
        lists = [_publish(draft, due[draft.key], decided.get(draft.key, {}), on_file) for draft in drafts]
        return lists + _withdraw(audiences, days, due.keys())


def _campaigns(connection: duckdb.DuckDBPyConnection) -> Iterator[_Campaign]:
    """The plan. What is not a field of every campaign is a parameter of its template, typed columns before text."""
    cursor = connection.execute("select * from marts.campaigns")
    names = [column[0] for column in cursor.description]
    for values in cursor.fetchall():
        row = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        own = {name: row.pop(name, None) for name in ("campaign_id", "template", "channel", "start_date", "end_date")}
        yield _Campaign(**own, parameters=json.loads(row.pop("parameters", "{}")) | row)


def _decisions(connection: duckdb.DuckDBPyConnection, days: Sequence[date]) -> dict[Key, dict[str, Any]]:
    """How many customers of each campaign and day are in each arm, or out for which reason."""
    found: dict[Key, dict[str, Any]] = {}
    rows = connection.execute(DECISIONS, {"days": list(days)}).fetchall()
    for campaign_id, day, suppressed_reason, arm, count in rows:
        counts = found.setdefault((campaign_id, day), {})
        group, name = ("suppressed", suppressed_reason) if suppressed_reason else ("arms", arm)
        counts.setdefault(group, {})[str(name)] = count
    return found


def _members(connection: duckdb.DuckDBPyConnection, days: Sequence[date]) -> Iterator[Row]:
    """The rows of all lists, sorted by campaign, day and the rest, a batch in memory at a time."""
    cursor = connection.execute(MEMBERS, {"days": list(days)})
    while batch := cursor.fetchmany(10_000):
        yield from batch


def _drafts(audiences: Path, due: Iterable[Key], members: Iterator[Row]) -> Iterator[_Draft]:
    """Writes every list that is due, or says why not. Lists and members come in the same order."""
    groups = groupby(members, key=lambda row: (row[0], row[1]))
    key, rows = next(groups, (None, iter(())))
    for name, day in due:
        if not CAMPAIGN_ID.fullmatch(name):
            yield _Draft((name, day), audiences, reason=NOT_A_FOLDER)
        else:
            own = rows if key == (name, day) else ()
            yield _draft((name, day), audiences / name / day.isoformat(), own)
        if key == (name, day):
            key, rows = next(groups, (None, iter(())))


def _draft(key: Key, folder: Path, rows: Iterable[Row]) -> _Draft:
    draft = _Draft(key, folder)
    try:
        return replace(draft, rows=writers.write_csv(draft.file, AUDIENCE_LIST, rows))
    except writers.InvalidValueError as error:
        return replace(draft, reason=str(error))


def _read_back(connection: duckdb.DuckDBPyConnection, drafts: Iterable[_Draft]) -> dict[Key, tuple[int, int, int]]:
    """Rows, customers and outsiders in the very bytes of every draft that has a row."""
    written = [draft for draft in drafts if draft.reason is None]
    if not written:
        return {}
    parameters = {
        "files": [str(draft.file) for draft in written],
        "campaigns": [draft.key[0] for draft in written],
        "days": [draft.key[1] for draft in written],
        "columns": {column.name: "VARCHAR" for column in AUDIENCE_LIST},
    }
    return {(name, day): tuple(counts) for name, day, *counts in connection.execute(ON_FILE, parameters).fetchall()}


def _publish(
    draft: _Draft, campaign: _Campaign, counts: dict[str, Any], on_file: dict[Key, tuple[int, int, int]]
) -> AudienceList:
    """Shows a draft if its bytes hold exactly the customers in treatment."""
    rows, customers, outsiders = on_file.get(draft.key, (0, 0, 0))
    treated = counts.get("arms", {}).get("treatment", 0)
    reason = draft.reason
    if reason is None and outsiders:
        reason = f"{outsiders} rows name a customer who is suppressed or in control: nothing handed out"
    elif reason is None and (rows, customers) != (draft.rows, treated):
        reason = f"the file holds {rows} rows of {customers} customers, not {draft.rows} of {treated}"
    if reason is not None:
        return AudienceList(*draft.key, "blocked", reason=reason)
    changed = _commit(draft, _manifest(campaign, draft.key[1], counts) | {"rows": rows})
    return AudienceList(*draft.key, "written" if changed else "unchanged", rows)


def _manifest(campaign: _Campaign, day: date, counts: dict[str, Any]) -> dict[str, Any]:
    """What a list is, from its content alone."""
    return {
        "campaign_id": campaign.campaign_id,
        "as_of_date": day.isoformat(),
        "template": campaign.template,
        "channel": campaign.channel,
        "parameters": campaign.parameters,
        "columns": [column.name for column in AUDIENCE_LIST],
        "arms": counts.get("arms", {}),
        "suppressed": counts.get("suppressed", {}),
    }


def _commit(draft: _Draft, manifest: dict[str, Any]) -> bool:
    """The file first, then the manifest that names it, then away with the file of before. Whether anything changed."""
    digest = writers.sha256(draft.file)
    members = draft.folder / f"members-{digest[:8]}.csv"
    is_new = not members.is_file() or writers.sha256(members) != digest
    if is_new:
        writers.install(draft.file, members)
    content = writers.json_bytes(manifest | {"file": members.name, "sha256": digest})
    is_changed = writers.write_if_changed(draft.folder / MANIFEST, content, 0o600)
    for old in set(draft.folder.glob("members-*.csv")) - {members}:
        old.unlink()
    return is_new or is_changed


def _withdraw(audiences: Path, days: Sequence[date], due: Set[tuple[str, date]]) -> list[AudienceList]:
    """Takes back lists that are no longer due: the manifest first, since without it a list does not exist."""
    withdrawn = []
    for day in days:
        for folder in sorted(audiences.glob(f"*/{day.isoformat()}")):
            if (folder.parent.name, day) not in due:
                for file in sorted(folder.iterdir(), key=lambda file: file.name != MANIFEST):
                    file.unlink()
                folder.rmdir()
                withdrawn.append(AudienceList(folder.parent.name, day, "withdrawn"))
    return withdrawn
