"""Bytes that outsiders read: formula-safe CSV, canonical JSON, and files that are replaced whole or not at all.

Belongs here: encodings, quoting, fsync, rename. Does not: which rows or files there are (`audiences.py`,
`catalogue.py`, `report.py`), and the columns of a format (`destinations.py`).
"""

import csv
import errno
import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path

from orchestration.publish.destinations import Column

TEMPORARY = ".tmp-"
COPIED_AT_ONCE = 1 << 30
NOT_BETWEEN_THESE = {errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP}  # files of two file systems
CONTROL = re.compile(r"[\x00-\x08\x0a-\x0c\x0e-\x1f\x7f]+|(?<!^)[\t\r]+")
# What a spreadsheet would run, also behind blanks (with NBSP and the full-width blank) and in full-width form.
FORMULA = re.compile(r"^[\t\r]|^[\s\u200b\ufeff]*[=+\-@＝＋－＠]")


class InvalidValueError(ValueError):
    """A value that its column may not hold. The message never quotes it: it may be personal."""


def cell(column: Column, value: object) -> str:
    """One value as text that no spreadsheet takes for a formula; null is empty."""
    text = "" if value is None else str(value)
    if column.pattern is None:
        text = CONTROL.sub(" ", text)
    elif not column.pattern.fullmatch(text):
        raise InvalidValueError(f"a value of column '{column.name}' is {'missing' if not text else 'malformed'}")
    return f"'{text}" if FORMULA.match(text) else text


def write_csv(file: Path, columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> int:
    """A CSV with a header, UTF-8, lines ended by LF, readable by its owner only. Returns the number of rows."""
    count = 0
    cells = [lru_cache(1024)(partial(cell, column)) for column in columns]  # most columns repeat a few values
    with os.fdopen(
        os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline=""
    ) as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([column.name for column in columns])
        for row in rows:
            writer.writerow([say(value) for say, value in zip(cells, row, strict=True)])
            count += 1
    return count


def json_bytes(content: object) -> bytes:
    """JSON that is equal for equal content."""
    return (json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True, default=str) + "\n").encode()


def sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def temporary(target: Path) -> Path:
    """Where a new version is written: beside the old one, hence on the same file system."""
    target.parent.mkdir(parents=True, exist_ok=True)
    return target.with_name(f"{TEMPORARY}{target.name}")


def copy(source: Path, target: Path) -> None:
    """All bytes of a file; shared with it, hence at once, where the file system can."""
    with source.open("rb") as old, target.open("wb") as new:
        try:
            while os.copy_file_range(old.fileno(), new.fileno(), COPIED_AT_ONCE):
                pass
        except OSError as error:
            if error.errno not in NOT_BETWEEN_THESE:
                raise
            shutil.copyfileobj(old, new, 1 << 20)


def install(finished: Path, target: Path) -> None:
    """Makes a finished temporary file the target: on disk first, then by one rename, so readers see old or new."""
    flush(finished)
    os.replace(finished, target)  # noqa: PTH105 - the one rename of every publication
    flush(target.parent)


def write_if_changed(target: Path, content: bytes, mode: int) -> bool:
    """Whether the file had to be written; an equal one is left untouched."""
    if target.is_file() and target.read_bytes() == content:
        return False
    finished = temporary(target)
    try:
        with os.fdopen(os.open(finished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as out:
            out.write(content)
        install(finished, target)
    finally:
        finished.unlink(missing_ok=True)
    return True


@contextmanager
def exclusive(folder: Path, depth: str = "") -> Iterator[None]:
    """One publisher at a time; the lock ends with its process. Temporary files, `depth` below, are swept: afterwards
    what was not installed, before what a killed publisher left."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _sweep(folder, depth)
        try:
            yield
        finally:
            _sweep(folder, depth)


def _sweep(folder: Path, depth: str) -> None:
    for stale in list(folder.glob(f"{depth}{TEMPORARY}*")):
        if stale.is_dir():
            shutil.rmtree(stale, ignore_errors=True)
        else:
            stale.unlink(missing_ok=True)


def flush(path: Path) -> None:
    """What was written so far, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
