"""What the audit book says of one dataset's files, held against what lies in the inbox.

Belongs here: the lines known, and which of them were withdrawn.
Does not: reading files and writing lines (`landing.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.audit import Audit, Delivery
from orchestration.extract.contracts import Contract
from orchestration.extract.files import DeliveredFile, is_folder
from orchestration.inbox import readable_name


def booked_files(contract: Contract, audit: Audit) -> dict[str, Delivery]:
    """The dataset's lines, by file path."""
    rows: list[dict[str, Any]] = audit.query(
        "select * from deliveries where platform = ? and dataset = ?", (contract.platform, contract.dataset)
    )
    found = (Delivery(**{**row, "delivery_date": date.fromisoformat(row["delivery_date"])}) for row in rows)
    return {delivery.file_path: delivery for delivery in found}


def withdrawn_files(
    booked: Iterable[Delivery], inbox: Path, folders: Mapping[date, Path], files: Sequence[tuple[date, DeliveredFile]]
) -> set[str]:
    """Files booked for these dates that lie there no more. A date whose whole folder is gone was archived:
    what was loaded from it still counts."""
    there = {file_path_of(inbox, file) for _, file in files}
    kept = {day for day, folder in folders.items() if is_folder(inbox, folder)}
    return {
        delivery.file_path
        for delivery in booked
        if delivery.delivery_date in folders
        and delivery.file_path not in there
        and (delivery.delivery_date in kept or delivery.status == "refused")
    }


def file_path_of(inbox: Path, file: DeliveredFile) -> str:
    """The name under which a file is booked."""
    return readable_name(file.path.relative_to(inbox))
