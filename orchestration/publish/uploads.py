"""The machine files of one list: for every channel the whole list in parts, and what came and went since the last one.

Belongs here: which files there are and what the manifest says of them; a destination's limits. Does not: whose ids they
hold (`recipients.py`), their bytes (`machine_files.py`), and whether they may be shown (`guard.py`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from orchestration.publish import machine_files, writers
from orchestration.publish.channels import Channel, Rules
from orchestration.publish.destinations import CAMPAIGN_ID, PART, Destination
from orchestration.publish.forbidden import Key
from orchestration.publish.kept import APPEND, REMOVE, UPLOAD, kept, last_channels
from orchestration.publish.machine_files import Row
from orchestration.publish.manifests import CHANNELS
from orchestration.publish.means import Means
from orchestration.publish.recipients import Recipients, recipients

SHANGHAI = ZoneInfo("Asia/Shanghai")
USED = """
select channel from listed where campaign_id = $campaign and as_of_date = $day and channel is not null
union
select channel from outputs.audience_parcel_notes where campaign_id = $campaign and as_of_date = $day
"""


@dataclass(frozen=True)
class Upload:
    """What one channel is handed, in files that nobody sees yet, and what the manifest says of it."""

    channel: Channel
    said: dict[str, Any]
    ids: Mapping[str, frozenset[str]] = field(default_factory=dict)  # of whom changes are told, by part, file or none
    disclosed: Mapping[str, int] = field(default_factory=dict)


def write_uploads(
    connection: duckdb.DuckDBPyConnection, draft: Path, key: Key, planned: str | None, means: Means
) -> list[Upload]:
    """Writes what every channel of a list is handed, below `draft`; the planned one is told of also where it has
    nobody."""
    name, day = key
    used = {one for (one,) in connection.execute(USED, {"campaign": name, "day": day}).fetchall()}
    uploads = []
    for channel in sorted({*used, *([planned] if planned else [])}):
        way = means.rules.channel(channel)
        whom = recipients(connection, means.phones, key, channel, way.limits)
        uploads.append(_upload(draft, key, channel, way, whom))
    return uploads


def _upload(draft: Path, key: Key, name: str, channel: Channel, found: Recipients) -> Upload:
    """The whole list of a channel, or nothing where the destination would not take it."""
    campaign, day = key
    to = channel.limits
    parts = _parts(to, found.rows)
    count = sum(len(rows) for rows in parts.values())
    reason = _refusal(to, campaign, len(found.rows), count)
    said = {
        "channel": name,
        "destination": channel.destination,
        "platform": channel.platform,
        "divided_by": to.divided_by,
        "id_type": to.id_type,
        "form": to.form,
        "consent": channel.purposes,
        "expires_at": _expiry(day, to).isoformat(),
        "people": len(found.rows),
        "ids": count,
        "without_id": len(found.rows) - count,
        "reason": reason,
        "changes_since": None,
        "files": [],
    }
    ids = {part: frozenset(row[0] for row in rows) for part, rows in parts.items() if to.has_delta}
    upload = Upload(channel, said, ids, found.disclosed)
    for part in () if reason else parts:
        _write(draft, upload, part, UPLOAD, parts[part])
    return upload


def left_channels(
    draft: Path, key: Key, uploads: Sequence[Upload], campaign_folder: Path, rules: Rules
) -> list[Upload]:
    """What is said to channels that keep people of an earlier list, and that this one does not use any more."""
    used = {upload.said["channel"] for upload in uploads}
    left = sorted({one["channel"] for one in last_channels(campaign_folder, key[1])} - used)
    return [_upload(draft, key, name, rules.channel(name), Recipients([])) for name in left]


def write_changes(draft: Path, upload: Upload, campaign_folder: Path, day: date) -> None:
    """Adds what came and went since the channel was last handed something of the campaign. Where the destination would
    not take the list, whoever went must leave it all the same, and nobody comes."""
    if not upload.channel.limits.has_delta or not (before := kept(campaign_folder, day, upload.said)):
        return
    is_taken = upload.said["reason"] is None
    for part in sorted(upload.ids.keys() | before.ids.keys()):
        now, then = upload.ids.get(part, frozenset()), before.ids.get(part, frozenset())
        for kind, ids in ((APPEND, now - then if is_taken else ()), (REMOVE, then - now)):
            _write(draft, upload, part, kind, [(one,) for one in sorted(ids)])
    upload.said["changes_since"] = before.since


def _parts(to: Destination, rows: Iterable[tuple[str | None, tuple[Any, ...]]]) -> dict[str, list[Row]]:
    """The rows that have an id of the type, once each and sorted, so that a file says nothing by its order."""
    own: dict[str, dict[str, Row]] = defaultdict(dict)
    for part, (value, *others) in rows:
        if value is None or not _is_part(to, part) or not (to.columns[0].pattern or CAMPAIGN_ID).fullmatch(value):
            continue
        cells = (writers.cell(column, other) for column, other in zip(to.columns[1:], others, strict=True))
        own[part or ""].setdefault(value, (value, *cells))
    return {part: [own[part][one] for one in sorted(own[part])] for part in sorted(own)}


def _is_part(to: Destination, part: str | None) -> bool:
    """A part becomes the name of a folder."""
    return not to.divided_by or PART.fullmatch(part or "") is not None


def _refusal(to: Destination, campaign: str, people: int, count: int) -> str | None:
    """Why a destination would not take a list, or what there is none for."""
    if to.id_type == "none":
        return "no machine file: the list itself is all"
    if len(campaign) > to.name_length:
        return f"the campaign's name has {len(campaign)} characters, the destination takes {to.name_length}: rename it"
    if count == 0:
        return "nobody on the list has an id of this type" if people else "nobody is on the list"
    if count < to.minimum:
        return f"below the minimum: {count} ids, the destination takes {to.minimum} or more"
    return f"above the maximum: {count} ids, the destination takes {to.maximum}" if count > to.maximum else None


def _expiry(day: date, to: Destination) -> datetime:
    """A list goes stale: consents are withdrawn, people buy."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI) + timedelta(hours=to.expiry_hours)


def _write(draft: Path, upload: Upload, part: str, kind: str, rows: Sequence[Row]) -> None:
    to = upload.channel.limits
    header = [column.name for column in to.columns]
    suffix = f"{'.csv' if len(header) > 1 else '.txt'}{'.zip' if to.is_zipped else ''}"
    for number, some in enumerate(_chunks(to, header, rows), 1):
        name = f"{kind}{'' if number == 1 else f'-{number}'}{suffix}"
        file = Path(CHANNELS, upload.said["channel"], part, name)
        machine_files.write(draft / file, header, some)
        named = {"file": file.as_posix(), "rows": len(some), "sha256": writers.sha256(draft / file)}
        upload.said["files"].append({"kind": kind, "part": part, **named})


def _chunks(to: Destination, header: Sequence[str], rows: Sequence[Row]) -> Iterator[list[Row]]:
    """As many rows as one file may have, and as many bytes before they are zipped."""
    size = start = len(machine_files.line(header)) if len(header) > 1 else 0
    chunk: list[Row] = []
    for row in rows:
        length = len(machine_files.line(row))
        if chunk and (len(chunk) == to.rows_per_file or size + length > to.bytes_per_file):
            yield chunk
            chunk, size = [], start
        chunk.append(row)
        size += length
    if chunk:
        yield chunk
