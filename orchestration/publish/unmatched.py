"""Delivered rows that reach nobody, by file: a consent, a level, a leaving, points of who is not known.

Belongs here: reading the catalogue. Does not: which rows these are (dbt), and showing them (`report.py`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.publish.catalogue import PublishedTable
from orchestration.publish.databases import attach, private_instance

TABLE = "marts.qc_rows_unmatched"
UNMATCHED = f"""
select content_hash, statement, finding, list(line_number order by line_number)
from {TABLE} where content_hash in (select unnest($contents)) group by all order by all
"""


@dataclass(frozen=True)
class Unmatched:
    """Rows of one file that say one thing and reach nobody for one reason."""

    statement: str
    finding: str
    lines: Sequence[int]


def unmatched_rows(
    catalogue: Path | None, tables: Iterable[PublishedTable], contents: Iterable[str]
) -> dict[str, list[Unmatched]]:
    """By content of the delivered file."""
    found: dict[str, list[Unmatched]] = defaultdict(list)
    if catalogue is None or TABLE not in {table.full_name for table in tables}:
        return found
    with private_instance() as connection:
        attach(connection, catalogue, "published", "read_only")
        connection.execute("use published")
        for content, *rest in connection.execute(UNMATCHED, {"contents": list(contents)}).fetchall():
            found[content].append(Unmatched(*rest))
    return found
