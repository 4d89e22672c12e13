"""Audience lists: one folder per campaign and day, with the members' file and the manifest that makes it count.

A list is what its manifest says: the manifest is written last, and names the file by its checksum. Belongs here:
which lists there are, and the check of the very bytes. Does not: who is a member (`outputs.audience_decisions`).
"""

import json
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
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

MEMBERS = """
select decisions.campaign_id, decisions.as_of_date, decisions.customer_key, accounts.platform, accounts.shop_id,
    accounts.account_id, decisions.tier, decisions.reason, decisions.recommended_product_id, $channel
from outputs.audience_decisions as decisions
left join marts.customer_accounts as accounts on decisions.customer_key = accounts.customer_key
where decisions.campaign_id = $campaign_id and decisions.as_of_date = $day
    and decisions.suppressed_reason is null and decisions.arm = 'treatment'
order by all
"""

# What the file holds: its rows, its customers, and the rows of a customer whom any decision keeps out of treatment.
ON_FILE = """
with allowed as (
    select customer_key, bool_and(suppressed_reason is null and arm is not distinct from 'treatment') as is_allowed
    from outputs.audience_decisions where campaign_id = $campaign_id and as_of_date = $day group by customer_key
)
select count(*), count(distinct list.customer_key), count(*) filter (where allowed.is_allowed is not true)
from read_csv($file, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', columns = $columns)
    as list
left join allowed on list.customer_key = allowed.customer_key
"""


class UnsafeListError(RuntimeError):
    """A list that may not be handed out, or whose bytes are not what was meant to be written."""


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


def publish_audiences(warehouse: Path, audiences: Path, days: Sequence[date]) -> list[AudienceList]:
    """Brings the lists of these days to what the warehouse says; a list that fails blocks no other."""
    with writers.exclusive(audiences, "*/*/"), reading(warehouse) as connection:
        campaigns = {campaign.campaign_id: campaign for campaign in _campaigns(connection)}
        decided = _decisions(connection, days)
        due = {(name, day) for name, campaign in campaigns.items() for day in days if campaign.is_active(day)}
        lists = [
            _publish(connection, audiences, campaigns.get(name, _Campaign(name)), day, decided.get((name, day), {}))
            for name, day in sorted(due | decided.keys())
        ]
        return lists + _withdraw(audiences, days, due | decided.keys())


def _campaigns(connection: duckdb.DuckDBPyConnection) -> Iterator[_Campaign]:
    """The plan. What is not a field of every campaign is a parameter of its template, typed columns before text."""
    cursor = connection.execute("select * from marts.campaigns")
    names = [column[0] for column in cursor.description]
    for values in cursor.fetchall():
        row = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        own = {name: row.pop(name, None) for name in ("campaign_id", "template", "channel", "start_date", "end_date")}
        yield _Campaign(**own, parameters=json.loads(row.pop("parameters", "{}")) | row)


def _decisions(connection: duckdb.DuckDBPyConnection, days: Sequence[date]) -> dict[tuple[str, date], dict[str, Any]]:
    """How many customers of each campaign and day are in each arm, or out for which reason."""
    found: dict[tuple[str, date], dict[str, Any]] = {}
    rows = connection.execute(DECISIONS, {"days": list(days)}).fetchall()
    for campaign_id, day, suppressed_reason, arm, count in rows:
        counts = found.setdefault((campaign_id, day), {})
        group, name = ("suppressed", suppressed_reason) if suppressed_reason else ("arms", arm)
        counts.setdefault(group, {})[str(name)] = count
    return found


def _publish(
    connection: duckdb.DuckDBPyConnection, audiences: Path, campaign: _Campaign, day: date, counts: dict[str, Any]
) -> AudienceList:
    name = campaign.campaign_id
    if not CAMPAIGN_ID.fullmatch(name):
        reason = "a campaign id must be 1 to 64 letters, digits, '_', '-' or Chinese characters: rename it in the plan"
        return AudienceList(name, day, "blocked", reason=reason)
    folder = audiences / name / day.isoformat()
    finished = writers.temporary(folder / "members.csv")
    try:
        rows = writers.write_csv(finished, AUDIENCE_LIST, _members(connection, campaign, day))
        _verify(connection, finished, campaign, day, (rows, counts.get("arms", {}).get("treatment", 0)))
        changed = _commit(folder, finished, _manifest(campaign, day, counts) | {"rows": rows})
    except (UnsafeListError, writers.InvalidValueError) as error:
        return AudienceList(name, day, "blocked", reason=str(error))
    finally:
        finished.unlink(missing_ok=True)
    return AudienceList(name, day, "written" if changed else "unchanged", rows)


def _members(connection: duckdb.DuckDBPyConnection, campaign: _Campaign, day: date) -> Iterator[tuple[Any, ...]]:
    cursor = connection.execute(MEMBERS, {"campaign_id": campaign.campaign_id, "day": day, "channel": campaign.channel})
    while batch := cursor.fetchmany(10_000):
        yield from batch


def _verify(
    connection: duckdb.DuckDBPyConnection, file: Path, campaign: _Campaign, day: date, meant: tuple[int, int]
) -> None:
    """Reads the written bytes back: every row there, everyone in treatment there, and nobody else."""
    columns = {column.name: "VARCHAR" for column in AUDIENCE_LIST}
    parameters = {"campaign_id": campaign.campaign_id, "day": day, "file": str(file), "columns": columns}
    [(on_file, customers, not_allowed)] = connection.execute(ON_FILE, parameters).fetchall()
    if not_allowed:
        raise UnsafeListError(f"{not_allowed} rows name a customer who is suppressed or in control: nothing handed out")
    if (on_file, customers) != meant:
        raise UnsafeListError(f"the file holds {on_file} rows of {customers} customers, not {meant[0]} of {meant[1]}")


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


def _commit(folder: Path, finished: Path, manifest: dict[str, Any]) -> bool:
    """The file first, then the manifest that names it, then away with the file of before. Whether anything changed."""
    digest = writers.sha256(finished)
    members = folder / f"members-{digest[:8]}.csv"
    is_new = not members.is_file() or writers.sha256(members) != digest
    if is_new:
        writers.install(finished, members)
    content = writers.json_bytes(manifest | {"file": members.name, "sha256": digest})
    is_changed = writers.write_if_changed(folder / MANIFEST, content, 0o600)
    for old in set(folder.glob("members-*.csv")) - {members}:
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
