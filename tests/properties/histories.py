"""What a shop delivers over time: files that come, are replaced and are taken back, step by step.

Belongs here: the shape of a history, several histories side by side, the inbox a history ends with.
Does not: what the exports look like (`exports.py`), and running anything (`installation.py`).
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import zip_longest
from pathlib import PurePath

Row = Mapping[str, str]
Rows = tuple[Row, ...]
OWN = "~"  # in a cell: the number of the history, so that histories that run side by side share no id
FIRST_NUMBER = 7001


@dataclass(frozen=True, order=True)
class File:
    """Where a file lies in the inbox."""

    dataset: str  # platform/dataset
    day: date
    name: str = "a"
    shop: str = ""  # the shop folder; nothing: the file lies in no folder of its own

    @property
    def path(self) -> PurePath:
        return PurePath(self.dataset, self.day.isoformat(), self.shop, f"{self.name}.csv")


@dataclass(frozen=True)
class Step:
    """One run: what changed in the inbox since the last one (no rows: the file was taken back), the days asked for."""

    changes: Mapping[File, Rows | None]
    asked: tuple[date, ...] = ()
    broken_off: str = ""  # what of the project a build makes before it dies; nothing: it lives

    @property
    def days(self) -> list[date]:
        return sorted({file.day for file in self.changes} | set(self.asked))


@dataclass(frozen=True)
class History:
    """Steps with a name."""

    name: str
    steps: tuple[Step, ...] = field(repr=False)

    def __str__(self) -> str:
        return "\n".join([f"history: {self.name}", *(line for step in told(self.steps) for line in step)])


def beginnings(history: History) -> list[History]:
    """The history as it was after each of its steps: what a later step would mend shows where the history ends."""
    return [
        History(f"{history.name}, the first {length} steps", history.steps[:length])
        for length in range(2, len(history.steps) + 1)
        if not history.steps[length - 1].broken_off
    ]


def inbox_at_the_end(steps: Iterable[Step]) -> dict[File, Rows]:
    """What lies there after the last step, copies of a content left out: a content counts once, on its first day."""
    files: dict[File, Rows | None] = {}
    for step in steps:
        files |= step.changes
    there = {file: rows for file, rows in sorted(files.items()) if rows is not None}
    first = {(file.dataset, file.shop, _content(rows)): file for file, rows in reversed(there.items())}
    return {file: rows for file, rows in there.items() if first[file.dataset, file.shop, _content(rows)] == file}


def side_by_side(histories: Sequence[History]) -> list[Step]:
    """Step i of all histories as one step, each history with ids and file names of its own."""
    numbered = [_numbered(history, str(number)) for number, history in enumerate(histories, FIRST_NUMBER)]
    return [
        Step(
            {file: rows for step in steps for file, rows in step.changes.items()},
            tuple(sorted({day for step in steps for day in step.asked})),
            max(step.broken_off for step in steps),
        )
        for steps in zip_longest(*numbered, fillvalue=Step({}))
    ]


def as_csv(rows: Rows) -> str:
    """The rows under the union of their headers; a cell that a row does not have is empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def told(steps: Iterable[Step]) -> list[list[str]]:
    """The steps for a person who has to understand a failure."""
    return [
        [
            f"step {number}, days {', '.join(map(str, step.days))}{' (broken off)' * bool(step.broken_off)}",
            *(
                f"  {file.path}: {'taken back' if rows is None else as_csv(rows).replace(chr(10), chr(10) + '    ')}"
                for file, rows in step.changes.items()
            ),
        ]
        for number, step in enumerate(steps, 1)
    ]


def _content(rows: Rows) -> tuple[tuple[tuple[str, str], ...], ...]:
    return tuple(sorted(tuple(sorted((name, cell) for name, cell in row.items() if cell)) for row in rows))


def _numbered(history: History, number: str) -> list[Step]:
    def own(rows: Rows | None) -> Rows | None:
        if rows is None:
            return None
        return tuple({name: cell.replace(OWN, number) for name, cell in row.items()} for row in rows)

    return [
        Step(
            {replace(f, name=f"{number}{f.name}"): own(rows) for f, rows in step.changes.items()},
            step.asked,
            step.broken_off,
        )
        for step in history.steps
    ]
