"""Audience lists: one folder per campaign and day, with the members' file, the files of its channels, and the manifest
that makes them count.

A list is what its manifest says: the manifest is written last, and names every file by its checksum. From then on the
list is delivered and never changes. Belongs here: which lists there are, and the order of writing, checking, showing.
Does not: who is a member (`outputs.audience_members`), the check (`guard.py`), what the channels are handed
(`uploads.py`), and what a delivered list would be now (`recomputed.py`).
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publish import writers
from orchestration.publish.campaigns import Campaign, decisions, explanation, plan
from orchestration.publish.databases import reading
from orchestration.publish.destinations import AUDIENCE_LIST, CAMPAIGN_ID
from orchestration.publish.ended import to_empty
from orchestration.publish.forbidden import Key, know
from orchestration.publish.guard import Found, Handed, read_back
from orchestration.publish.machine_files import BrokenFileError
from orchestration.publish.manifests import CHANNELS, MANIFEST, MEMBERS, was_delivered
from orchestration.publish.means import Means
from orchestration.publish.recomputed import AlteredListError, compare
from orchestration.publish.uploads import Upload, left_channels, write_changes, write_uploads
from orchestration.publish.withheld import withhold

MEMBER_ROWS = "select * from listed where as_of_date in (select unnest($days::date[])) order by all"
NOT_A_FOLDER = "a campaign id must be 1 to 64 letters, digits, '_', '-' or Chinese characters: rename it in the plan"

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
class _Draft:
    """A list that is written and that nobody sees yet, or the reason why it could not be written."""

    key: Key
    folder: Path
    rows: int = 0
    reason: str | None = None
    uploads: tuple[Upload, ...] = ()

    @property
    def file(self) -> Path:
        return writers.temporary(self.folder / MEMBERS)

    @property
    def channels(self) -> Path:
        """A folder in which the files of the channels lie as they will in that of the list."""
        return writers.temporary(self.folder / CHANNELS)

    @property
    def handed(self) -> Handed:
        return Handed(self.key, self.file, not was_delivered(self.folder), self.channels, self.uploads)


@dataclass(frozen=True)
class _Day:
    """What is known of a list besides its rows."""

    campaign: Campaign
    counts: dict[str, Any]
    withheld: int


def publish_audiences(finished: Path, audiences: Path, days: Sequence[date], means: Means) -> list[AudienceList]:
    """Delivers the lists of these days that are new and compares the others with what the outputs say now; a list that
    fails blocks no other."""
    with writers.exclusive(audiences, "**/"), reading(finished) as connection:
        connection.execute("set temp_directory = ''")  # a number that is handed out is on no disk but its file's
        campaigns = {campaign.campaign_id: campaign for campaign in plan(connection, means)}
        decided = decisions(connection, days)
        active = {(name, day) for name, campaign in campaigns.items() for day in days if campaign.is_active(day)}
        delivered = set(_delivered(audiences, days))
        know(connection, means.rules, means.keys, means.audit.forgotten())
        withheld = withhold(connection, audiences, days, delivered)

        def known(keys: Iterable[Key]) -> dict[Key, _Day]:
            own = {key: campaigns.get(key[0], Campaign(key[0])) for key in sorted(keys)}
            return {key: _Day(own[key], decided.get(key, {}), withheld.get(key, 0)) for key in own}

        lists = known(active | decided.keys() | delivered)
        drafts = _drafts(audiences, lists, _members(connection, days))
        published = _publish_lists(connection, drafts, lists, means)
        emptied = known(to_empty(audiences, campaigns, days, means.rules))
        return published + _publish_lists(connection, _drafts(audiences, emptied, iter(())), emptied, means)


def _publish_lists(
    connection: duckdb.DuckDBPyConnection, written: Iterable[_Draft], lists: Mapping[Key, _Day], means: Means
) -> list[AudienceList]:
    drafts = [_with_uploads(connection, draft, lists[draft.key].campaign, means) for draft in list(written)]
    handed = [draft.handed for draft in drafts if draft.reason is None]
    found = read_back(connection, handed, means.rules, means.keys)
    return [_publish(connection, one, lists[one.key], found.get(one.key, Found()), means) for one in drafts]


def _delivered(audiences: Path, days: Iterable[date]) -> Iterator[Key]:
    """The lists that are there. What a killed run left of others goes, and nothing that we have not written."""
    for day in days:
        for folder in audiences.glob(f"*/{day.isoformat()}"):
            if was_delivered(folder):
                yield folder.parent.name, day
            else:
                (folder / MEMBERS).unlink(missing_ok=True)
                shutil.rmtree(folder / CHANNELS, ignore_errors=True)
                if not any(folder.iterdir()):
                    folder.rmdir()


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


def _with_uploads(connection: duckdb.DuckDBPyConnection, draft: _Draft, campaign: Campaign, means: Means) -> _Draft:
    """Writes what the channels of a new list are handed."""
    if draft.reason or was_delivered(draft.folder):
        return draft
    try:
        uploads = write_uploads(connection, draft.channels, draft.key, campaign.channel, means)
    except writers.InvalidValueError as error:
        return replace(draft, reason=str(error))
    return replace(draft, uploads=tuple(uploads))


def _publish(
    connection: duckdb.DuckDBPyConnection, draft: _Draft, day: _Day, found: Found, means: Means
) -> AudienceList:
    """Delivers a draft if its bytes hold exactly the customers in treatment; one that is delivered is compared."""
    if reason := _fault(draft, day, found):
        return AudienceList(*draft.key, "blocked", reason=reason)
    if not was_delivered(draft.folder):
        return _deliver(connection, draft, day, means)
    not_due = day.campaign.not_due(draft.key[1], day.counts)
    try:
        differs = compare(connection, draft.folder, draft.file, _manifest(draft, day), not_due)
    except AlteredListError as error:
        return AudienceList(*draft.key, "blocked", reason=str(error))
    return AudienceList(*draft.key, "recomputed" if differs else "unchanged", draft.rows)


def _fault(draft: _Draft, day: _Day, found: Found) -> str | None:
    """Why a draft must not be shown."""
    treated = day.counts.get("arms", {}).get("treatment", 0) - day.withheld
    if draft.reason or found.wrong:
        return draft.reason or found.wrong
    if (found.rows, found.customers) != (draft.rows, treated):
        return f"the file holds {found.rows} rows of {found.customers} customers, not {draft.rows} of {treated}"
    return None


def _deliver(connection: duckdb.DuckDBPyConnection, draft: _Draft, day: _Day, means: Means) -> AudienceList:
    """Shows a list that is checked, once the changes that belong to it are checked as well: the manifest at last."""
    if reason := day.campaign.refusal(draft.key[1]):
        return AudienceList(*draft.key, "blocked", reason=reason)
    try:
        draft = _with_changes(draft, means)
        wrong = _wrong_changes(connection, draft, means)
    except BrokenFileError as error:
        wrong = f"an earlier list of the campaign is not the one that was delivered: {error}: put it back"
    if wrong:
        return AudienceList(*draft.key, "blocked", reason=wrong)
    if draft.channels.exists():
        writers.install(draft.channels / CHANNELS, draft.folder / CHANNELS)
    manifest = _manifest(draft, day)
    writers.install(draft.file, draft.folder / MEMBERS)
    writers.write_if_changed(draft.folder / MANIFEST, writers.json_bytes(manifest), 0o600)
    return AudienceList(*draft.key, "written", draft.rows)


def _with_changes(draft: _Draft, means: Means) -> _Draft:
    """Only now is it known which earlier lists were delivered."""
    before = draft.folder.parent
    left = left_channels(draft.channels, draft.key, draft.uploads, before, means.rules)
    for upload in (*draft.uploads, *left):
        write_changes(draft.channels, upload, before, draft.key[1])
    told = [*draft.uploads, *(upload for upload in left if upload.said["files"])]
    return replace(draft, uploads=tuple(sorted(told, key=lambda upload: str(upload.said["channel"]))))


def _wrong_changes(connection: duckdb.DuckDBPyConnection, draft: _Draft, means: Means) -> str | None:
    """What is wrong with the bytes of what is handed out, changes included."""
    if not any(upload.said["changes_since"] for upload in draft.uploads):
        return None
    return read_back(connection, [draft.handed], means.rules, means.keys).get(draft.key, Found()).wrong


def _manifest(draft: _Draft, day: _Day) -> dict[str, Any]:
    """What a list is, from its content alone."""
    return {
        "campaign_id": day.campaign.campaign_id,
        "as_of_date": draft.key[1].isoformat(),
        "template": day.campaign.template,
        "channel": day.campaign.channel,
        "parameters": day.campaign.parameters,
        "columns": [column.name for column in AUDIENCE_LIST],
        "arms": day.counts.get("arms", {}),
        "suppressed": day.counts.get("suppressed", {}),
        "withdrawn_since": day.withheld,
        "explanation": explanation(day.counts, day.withheld, day.campaign.is_over(draft.key[1])),
        "channels": [upload.said for upload in draft.uploads],
        "file": MEMBERS,
        "rows": draft.rows,
        "sha256": writers.sha256(draft.file),
    }
