"""What lies in the inbox, by delivery date, without opening a file.

Belongs here: which files count as delivered, and a name for the state a date is in.
Does not: what is in a file (`extract/`), and what happens when a date changes.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

UNFINISHED_ENDINGS = (".tmp", ".part", ".partial", ".crdownload", ".download", ".filepart", ".swp", "~")
UNFINISHED_BEGINNINGS = (".", "~$")


@dataclass(frozen=True)
class DeliveredFile:
    """One file of one delivery date; `is_unfinished` by its name."""

    delivery_date: date
    path: str
    size: int
    modified: float
    is_unfinished: bool


def delivered_files(inbox: Path) -> Iterator[DeliveredFile]:
    """Every file under <platform>/<dataset>/<date>/."""
    for day_folder in inbox.glob("*/*/*"):
        if (day := _date(day_folder.name)) is None:
            continue
        for file in day_folder.rglob("*"):
            if file.is_file():
                seen = file.stat()
                yield DeliveredFile(
                    day, str(file.relative_to(inbox)), seen.st_size, seen.st_mtime, _is_unfinished(file.name)
                )


def states(inbox: Path) -> dict[date, str]:
    """A name for the state of every delivery date: it changes when a file comes, goes, grows or is written again."""
    lines: dict[date, list[str]] = {}
    for file in delivered_files(inbox):
        lines.setdefault(file.delivery_date, []).append(f"{file.path}\0{file.size}\0{file.modified}")
    return {day: hashlib.sha256("\n".join(sorted(seen)).encode()).hexdigest()[:16] for day, seen in lines.items()}


def settled_states(inbox: Path, now: float, settle_seconds: float) -> dict[date, str]:
    """The states of the dates whose files are all complete: finished names, and untouched for a while."""
    moving = {
        file.delivery_date
        for file in delivered_files(inbox)
        if file.is_unfinished or now - file.modified < settle_seconds
    }
    return {day: state for day, state in states(inbox).items() if day not in moving}


def _is_unfinished(name: str) -> bool:
    return name.startswith(UNFINISHED_BEGINNINGS) or name.lower().endswith(UNFINISHED_ENDINGS)


def _date(name: str) -> date | None:
    try:
        return date.fromisoformat(name) if len(name) == 10 else None
    except ValueError:
        return None
