"""Audience lists: one folder per campaign and day, with the members' file and the manifest that makes it count.

A list is what its manifest says: the manifest is written last, and names the file by its checksum. From then on the
list is delivered and never changes. Belongs here: which lists there are, and the check of the very bytes. Does not: who
is a member (`outputs.audience_members`), and what a delivered list would be now (`recomputed.py`).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publish import writers
from orchestration.publish.databases import reading
from orchestration.publish.destinations import AUDIENCE_LIST, CAMPAIGN_ID
from orchestration.publish.recomputed import MANIFEST, MEMBERS, AlteredListError, compare, was_delivered

DECISIONS = """
select campaign_id, as_of_date, suppressed_reason, arm, count(*)
from outputs.audience_decisions where as_of_date in (select unnest($days::date[]))
group by all order by all
"""

MEMBER_ROWS = f"""
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
    """One list after publishing: `written`, or `unchanged` since; `recomputed`, if it would be another now, or none;
    `blocked`, which changes nothing. The rows are those of what is known now."""

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
        return writers.temporary(self.folder / MEMBERS)


def publish_audiences(finished: Path, audiences: Path, days: Sequence[date]) -> list[AudienceList]:
    """Delivers the lists of these days that are new and compares the others with what the outputs say now; a list that
    fails blocks no other."""
    with writers.exclusive(audiences, "**/"), reading(finished) as connection:
        campaigns = {campaign.campaign_id: campaign for campaign in _campaigns(connection)}
        decided = _decisions(connection, days)
        active = {(name, day) for name, campaign in campaigns.items() for day in days if campaign.is_active(day)}
        keys = sorted(active | decided.keys() | set(_delivered(audiences, days)))
        lists = {key: campaigns.get(key[0], _Campaign(key[0])) for key in keys}
        drafts = list(_drafts(audiences, lists, _members(connection, days)))
        on_file = _read_back(connection, drafts)
        return [
            _publish(connection, draft, lists[draft.key], decided.get(draft.key, {}), on_file.get(draft.key, (0, 0, 0)))
            for draft in drafts
        ]


def _delivered(audiences: Path, days: Iterable[date]) -> Iterator[Key]:
    """The lists that are there. What a killed run left of others goes, and nothing that we have not written."""
    for day in days:
        for folder in audiences.glob(f"*/{day.isoformat()}"):
            if was_delivered(folder):
                yield folder.parent.name, day
            else:
                (folder / MEMBERS).unlink(missing_ok=True)
                if not any(folder.iterdir()):
                    folder.rmdir()


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
    cursor = connection.execute(MEMBER_ROWS, {"days": list(days)})
    while batch := cursor.fetchmany(10_000):
        yield from batch


def _drafts(audiences: Path, keys: Iterable[Key], members: Iterator[Row]) -> Iterator[_Draft]:
    """Writes every list, or says why not. Lists and members come in the same order."""
    groups = groupby(members, key=lambda row: (row[0], row[1]))
    key, rows = next(groups, (None, iter(())))
    for name, day in keys:
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
    connection: duckdb.DuckDBPyConnection,
    draft: _Draft,
    campaign: _Campaign,
    counts: dict[str, Any],
    on_file: tuple[int, int, int],
) -> AudienceList:
    """Delivers a draft if its bytes hold exactly the customers in treatment; one that is delivered is compared."""
    if reason := _fault(draft, counts, on_file):
        return AudienceList(*draft.key, "blocked", reason=reason)
    manifest = _manifest(campaign, draft, counts)
    if not was_delivered(draft.folder):
        writers.install(draft.file, draft.folder / MEMBERS)
        writers.write_if_changed(draft.folder / MANIFEST, writers.json_bytes(manifest), 0o600)
        return AudienceList(*draft.key, "written", draft.rows)
    try:
        differs = compare(connection, draft.folder, draft.file, manifest, _not_due(campaign, draft.key[1], counts))
    except AlteredListError as error:
        return AudienceList(*draft.key, "blocked", reason=str(error))
    return AudienceList(*draft.key, "recomputed" if differs else "unchanged", draft.rows)


def _fault(draft: _Draft, counts: dict[str, Any], on_file: tuple[int, int, int]) -> str | None:
    """Why a draft must not be shown."""
    rows, customers, outsiders = on_file
    treated = counts.get("arms", {}).get("treatment", 0)
    if draft.reason is None and outsiders:
        return f"{outsiders} rows name a customer who is suppressed or in control: nothing handed out"
    if draft.reason is None and (rows, customers) != (draft.rows, treated):
        return f"the file holds {rows} rows of {customers} customers, not {draft.rows} of {treated}"
    return draft.reason


def _not_due(campaign: _Campaign, day: date, counts: dict[str, Any]) -> str | None:
    if campaign.template is None:
        return "campaign_left_plan"
    return None if campaign.is_active(day) or counts else "day_not_in_campaign"


def _manifest(campaign: _Campaign, draft: _Draft, counts: dict[str, Any]) -> dict[str, Any]:
    """What a list is, from its content alone."""
    return {
        "campaign_id": campaign.campaign_id,
        "as_of_date": draft.key[1].isoformat(),
        "template": campaign.template,
        "channel": campaign.channel,
        "parameters": campaign.parameters,
        "columns": [column.name for column in AUDIENCE_LIST],
        "arms": counts.get("arms", {}),
        "suppressed": counts.get("suppressed", {}),
        "file": MEMBERS,
        "rows": draft.rows,
        "sha256": writers.sha256(draft.file),
    }
