"""What a destination keeps of a campaign, by the very files that its channel was handed on earlier days.

Belongs here: reading them. Does not: what is handed out next (`uploads.py`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.publish import machine_files
from orchestration.publish.manifests import is_delivered, place, read_manifest

UPLOAD, APPEND, REMOVE = "upload", "append", "remove"
SAME = ("channel", "destination", "form")


@dataclass(frozen=True)
class Kept:
    """The ids of each part, and the day of the files that were handed out last."""

    since: str
    ids: Mapping[str, frozenset[str]]


def kept(campaign_folder: Path, day: date, said: Mapping[str, Any]) -> Kept | None:
    """The last whole list that the same channel was handed before the day, less whoever was removed since."""
    since, removed = None, defaultdict[str, set[str]](set)
    for folder in _delivered(campaign_folder, day):
        own: dict[str, Any] = next(
            (one for one in _channels(folder) if all(one[name] == said[name] for name in SAME)), {"files": []}
        )
        kinds = {one["kind"] for one in own["files"]}
        since = since or (folder.name if kinds else None)
        if UPLOAD in kinds:
            whole = _ids(folder, own, UPLOAD)
            return Kept(since or folder.name, {part: frozenset(ids - removed[part]) for part, ids in whole.items()})
        for part, ids in _ids(folder, own, REMOVE).items():
            removed[part] |= ids
    return None


def last_channels(campaign_folder: Path, day: date) -> Collection[Mapping[str, Any]]:
    """What was said last of each channel that was handed changes or whole lists of the campaign before the day."""
    said: dict[str, Mapping[str, Any]] = {}
    for one in (one for folder in _delivered(campaign_folder, day) for one in _channels(folder) if one["files"]):
        said.setdefault(one["channel"], one)
    return said.values()


def _delivered(campaign_folder: Path, day: date) -> Iterator[Path]:
    """The lists of earlier days, the last one first."""
    days = sorted((folder for folder in campaign_folder.glob("*-*-*") if folder.name < day.isoformat()), reverse=True)
    return (folder for folder in days if is_delivered(folder))


def _channels(folder: Path) -> list[dict[str, Any]]:
    return list(read_manifest(folder).get("channels", ()))


def _ids(folder: Path, said: Mapping[str, Any], kind: str) -> Mapping[str, set[str]]:
    ids: defaultdict[str, set[str]] = defaultdict(set)
    for one in said["files"]:
        if one["kind"] == kind:
            ids[one["part"]].update(machine_files.ids([place(folder, one)]))
    return ids
