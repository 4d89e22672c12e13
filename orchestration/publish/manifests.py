"""What a list's manifest is and names: a list exists once its manifest does, which is written last.

Belongs here: finding and reading it, and the files that it names. Does not: what it says
(`audiences.py`, `uploads.py`).
"""

import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

MANIFEST, MEMBERS, RECOMPUTED, CHANNELS = "manifest.json", "members.csv", "recomputed", "channels"


def is_delivered(folder: Path) -> bool:
    return (folder / MANIFEST).is_file()


def was_delivered(folder: Path) -> bool:
    """Also one whose manifest is gone: only what was delivered is recomputed."""
    return is_delivered(folder) or (folder / RECOMPUTED).exists()


def read_manifest(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return content


def named_files(said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Whatever a manifest says of a file: its name, rows and sha256. First the list itself."""
    yield said
    if said.get("difference"):
        yield said["difference"]
    for channel in said.get("channels", ()):
        yield from channel["files"]


def place(folder: Path, named: dict[str, Any]) -> Path:
    """Where a named file is: below the manifest's folder, whatever the manifest says."""
    return folder.joinpath(*(part for part in PurePosixPath(named["file"]).parts if part not in ("/", "..")))


def is_for_machines(named: dict[str, Any]) -> bool:
    return PurePosixPath(named["file"]).parts[0] == CHANNELS
