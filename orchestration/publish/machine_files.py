"""Files that machines read: one id a line, or a CSV whose first column is the id; alone in a zip where that is asked.

Belongs here: the bytes, written and read back; the name says which form they have. Equal rows give equal bytes. Does
not: which rows there are, and the limits of a destination (`uploads.py`).
"""

import csv
import io
import os
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

Row = tuple[str, ...]  # the id first
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the one moment that every zip knows: a file's bytes follow from its rows


class BrokenFileError(ValueError):
    """A machine file is not one that was written here. The message quotes nothing of it."""


def line(row: Sequence[str]) -> bytes:
    """A row as it stands in a file, with its end."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerow(row)
    return out.getvalue().encode()


def content_of(file: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The bytes of a file of this name. A file of one column has no header."""
    content = b"".join(line(row) for row in ([header, *rows] if len(header) > 1 else rows))
    return _zipped(inner_name(file), content) if file.suffix == ".zip" else content


def write(file: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """For its owner only, on disk when this returns."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content_of(file, header, rows))
        out.flush()
        os.fsync(out.fileno())


def read(file: Path) -> tuple[list[str], list[Row]]:
    """The header, empty where there is none, and the rows."""
    try:
        content = _unzipped(file) if file.suffix == ".zip" else file.read_bytes()
        rows = [tuple(row) for row in csv.reader(io.StringIO(content.decode(), newline=""), strict=True)]
    except (zipfile.BadZipFile, UnicodeDecodeError, csv.Error):
        raise BrokenFileError(f"{file.name} cannot be read") from None
    if content and not content.endswith(b"\n"):
        raise BrokenFileError(f"{file.name} is cut short")
    has_header = inner_name(file).endswith(".csv")
    return (list(rows[0]) if rows else [], rows[1:]) if has_header else ([], rows)


def ids(files: Iterable[Path]) -> Iterator[str]:
    for file in files:
        yield from (row[0] for row in read(file)[1] if row)


def inner_name(file: Path) -> str:
    """`upload.txt.zip` holds `upload.txt`."""
    return file.name.removesuffix(".zip")


def _zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        member = zipfile.ZipInfo(name, LONG_AGO)
        member.external_attr = 0o600 << 16
        member.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(member, content)
    return out.getvalue()


def _unzipped(file: Path) -> bytes:
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        if names != [inner_name(file)]:
            raise BrokenFileError(f"{file.name} holds other files than its own")
        return archive.read(names[0])
