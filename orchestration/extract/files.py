"""Delivered files as the inbox holds them: which there are, opening them without surprises, what kind they are.

Belongs here: walking a delivery folder, links and devices, magic bytes. Names of files are data only.
Does not: text encodings (`encodings.py`), and what the text means.
"""

import hashlib
import io
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from orchestration.extract.encodings import AGAIN
from orchestration.extract.recognise import Refused
from orchestration.inbox import is_ignored, is_unfinished

COPY = "Deliver a copy of the file itself, at most one shop folder deep"
KINDS = (
    (
        b"\xd0\xcf\x11\xe0",
        "an old or password-protected Excel file (OLE2). Open it, remove the password and save it as .xlsx",
    ),
    (b"%PDF", "a PDF. Export the data as CSV or XLSX"),
    (b"\x1f\x8b", "gzip-compressed. Unpack it and deliver the file inside"),
    (b"Rar!", "a RAR archive. Unpack it and deliver the files inside"),
    (b"7z\xbc\xaf", "a 7z archive. Unpack it and deliver the files inside"),
    (b"\xff\xfe", "UTF-16 text. Save it as CSV UTF-8"),
    (b"\xfe\xff", "UTF-16 text. Save it as CSV UTF-8"),
    (b"PAR1", "a Parquet file. Deliver CSV or XLSX"),
)


@dataclass(frozen=True)
class DeliveredFile:
    """One path of a delivery folder; `shop` is the folder it lies in, if any."""

    path: Path
    shop: str | None


def delivered_files(inbox: Path, folder: Path) -> Iterator[DeliveredFile]:
    """The files of one delivery, one level of shop folders deep; ignored and unfinished names are left out.

    Links and directories that do not belong are yielded too: opening them says what is wrong.
    """
    if _lies_behind_a_link(inbox, folder):
        yield DeliveredFile(folder, None)
        return
    for entry in _entries(folder):
        if not entry.is_dir(follow_symlinks=False):
            yield DeliveredFile(Path(entry.path), None)
            continue
        for inner in _entries(Path(entry.path)):
            yield DeliveredFile(Path(inner.path), entry.name)


def is_folder(inbox: Path, folder: Path) -> bool:
    """Whether the inbox itself holds the folder; one behind a link is never looked into."""
    return folder.is_dir() and not _lies_behind_a_link(inbox, folder)


def _lies_behind_a_link(inbox: Path, folder: Path) -> bool:
    return any(part.is_symlink() for part in (folder, *folder.parents) if part.is_relative_to(inbox) and part != inbox)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    if not folder.is_dir():
        return []
    with os.scandir(folder) as entries:
        return sorted(
            (entry for entry in entries if not (is_ignored(entry.name) or is_unfinished(entry.name))),
            key=lambda entry: entry.name,
        )


def stamp(path: Path) -> str:
    """Changes whenever the file does."""
    found = path.lstat()
    return f"{found.st_size}:{found.st_mtime_ns}:{found.st_ino}"


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """An ordinary file, open for reading; refused if it is not one, or if it changes meanwhile."""
    try:
        handle = open(path, "rb", opener=_without_following)  # noqa: SIM115 - Path.open takes no opener
    except OSError:
        raise Refused(f"not an ordinary file that may be read (a link, folder or device). {COPY}.") from None
    with handle:
        before = os.fstat(handle.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise Refused(f"not an ordinary file (a pipe or device). {COPY}.")
        if before.st_size == 0:
            raise Refused(f"empty: 0 bytes. {AGAIN}.")
        yield handle
        after = path.lstat()
        if (before.st_size, before.st_mtime_ns, before.st_ino) != (after.st_size, after.st_mtime_ns, after.st_ino):
            raise Refused("changed while it was being read. Wait until it is complete and run again.")


def _without_following(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def is_workbook(handle: BinaryIO) -> bool:
    """True for XLSX, false for text; refuses every other kind by its first bytes."""
    start = handle.read(4096)
    handle.seek(0)
    if start.startswith(b"PK\x03\x04"):
        return True
    for magic, kind in KINDS:
        if start.startswith(magic):
            raise Refused(f"{kind}, then deliver that.")
    if re.match(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|table|\?xml|head|meta)", start, re.I):
        raise Refused("a web page, whatever its name says. Open it in Excel and save it as .xlsx, then deliver that.")
    return False


def byte_hash(path: Path) -> str:
    """The hash of the bytes, by which a refused file is known; empty where there are none to be had."""
    try:
        with opened(path) as handle:
            return hashlib.file_digest(cast(io.BufferedReader, handle), "sha256").hexdigest()
    except Refused:
        return ""
