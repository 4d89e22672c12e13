"""What lies in the inbox, by delivery date, without opening a file.

Belongs here: which names count as delivered, a name for the state a date is in, files in the wrong place.
Does not: what is in a file (`extract/`), and what happens when a date changes.
"""

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path

SYSTEM_NAMES = ("desktop.ini", "thumbs.db")
UNFINISHED_ENDINGS = (".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".filepart", ".swp", "~")
DATE_LIKE = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?")
SIMILAR = 0.7


@dataclass(frozen=True)
class DeliveredFile:
    """One file of one delivery date; `is_unfinished` by its name."""

    delivery_date: date
    path: str
    size: int
    modified: float
    is_unfinished: bool


def is_ignored(name: str) -> bool:
    """Hidden files and folders, and those that an operating system makes: never read, never waited for."""
    return name.startswith(".") or name.lower() in SYSTEM_NAMES


def is_unfinished(name: str) -> bool:
    """The name says that somebody is still writing, or may be: never read, waited for."""
    return name.startswith("~$") or name.lower().endswith(UNFINISHED_ENDINGS)


def readable_name(path: Path) -> str:
    """A file name as text that any database takes: bytes that are no UTF-8 are shown as escapes."""
    return os.fsencode(str(path)).decode("utf-8", "backslashreplace")


def delivered_files(inbox: Path) -> Iterator[DeliveredFile]:
    """Every file under <platform>/<dataset>/<date>/ that is not ignored."""
    for day_folder in inbox.glob("*/*/*"):
        if (day := _date(day_folder.name)) is None:
            continue
        for file in _files(inbox, day_folder):
            seen = file.stat()
            unfinished = any(map(is_unfinished, file.relative_to(day_folder).parts))
            yield DeliveredFile(day, str(file.relative_to(inbox)), seen.st_size, seen.st_mtime, unfinished)


def _files(inbox: Path, folder: Path) -> Iterator[Path]:
    for file in folder.rglob("*"):
        if file.is_file() and not any(map(is_ignored, file.relative_to(inbox).parts)):
            yield file


def states(inbox: Path) -> dict[date, str]:
    """A name for the state of every delivery date: it changes when a file comes, goes, grows or is written again."""
    lines: dict[date, list[str]] = {}
    for file in delivered_files(inbox):
        lines.setdefault(file.delivery_date, []).append(f"{file.path}\0{file.size}\0{file.modified}")
    return {day: hashlib.sha256(os.fsencode("\n".join(sorted(seen)))).hexdigest()[:16] for day, seen in lines.items()}


def settled_states(inbox: Path, now: float, settle_seconds: float) -> dict[date, str]:
    """The states of the dates whose files are all complete: finished names, and untouched for a while."""
    moving = {
        file.delivery_date
        for file in delivered_files(inbox)
        if file.is_unfinished or now - file.modified < settle_seconds
    }
    return {day: state for day, state in states(inbox).items() if day not in moving}


def misplaced_files(inbox: Path, datasets: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """(path, what to do) for every file that no run reads, since it lies in no date folder of a known dataset."""
    found = []
    for file in sorted(_files(inbox, inbox)):
        path = Path(readable_name(file.relative_to(inbox)))
        if remedy := _remedy(path.parts[:-1], datasets):
            found.append((str(path), remedy))
    return found


def _remedy(folders: Sequence[str], datasets: set[tuple[str, str]]) -> str | None:
    """What is wrong with the folders of a file, and where it belongs; none where it is well placed."""
    is_known = tuple(folders[:2]) in datasets
    if is_known and len(folders) > 2 and _date(folders[2]):
        return None
    day = next((meant for folder in folders if (meant := _meant_date(folder))), "<YYYY-MM-DD>")
    dataset = "/".join(folders[:2]) if is_known else _nearest(folders, datasets)
    if dataset:
        problem = "it lies in no date folder" if is_known else f"there is no dataset {'/'.join(folders[:2])}"
        return f"{problem}; did you mean {dataset}/{day}/? Move it there."
    known = ", ".join(f"{platform}/{name}" for platform, name in sorted(datasets))
    return f"it lies in no folder of a dataset; move it to <platform>/<dataset>/{day}/. Datasets: {known}."


def _nearest(folders: Sequence[str], datasets: set[tuple[str, str]]) -> str | None:
    """The dataset that the folders are probably meant to name, with its platform or, where only one has it, without."""
    places: dict[str, list[str]] = {}
    for platform, dataset in sorted(datasets):
        for name in (f"{platform}/{dataset}", dataset):
            places.setdefault(name, []).append(f"{platform}/{dataset}")
    for meant in ("/".join(folders[:2]), "".join(folders[:1])):
        close = get_close_matches(meant.lower(), places, n=1, cutoff=SIMILAR)
        if close and len(places[close[0]]) == 1:
            return places[close[0]][0]
    return None


def _date(name: str) -> date | None:
    """The date that a folder is named after, as 2024-03-02 and in no other way."""
    try:
        return found if (found := date.fromisoformat(name)).isoformat() == name else None
    except ValueError:
        return None


def _meant_date(name: str) -> str | None:
    if not (parts := DATE_LIKE.fullmatch(name)):
        return None
    year, month, day = map(int, parts.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
