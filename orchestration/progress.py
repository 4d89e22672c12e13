"""What a person sees while a run works: one bar per stage on a terminal, one line per finished stage elsewhere.

Belongs here: the terminal. Does not: the run; it is told of steps by name and of nothing else.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, Task, TextColumn, TimeElapsedColumn

STAGES = {
    "extract": "Reading the inbox",
    "gate 1": "Checking what came",
    "transform": "Building the tables",
    "gate 2": "Checking the results",
    "publish": "Publishing",
    "verify": "Checking what is kept",
    "rebuild": "Building it all again",
    "then": "Building as known then",
    "now": "Building as known now",
}


class Stages:
    """Counts finished steps by stage."""

    def __init__(self, stream: TextIO) -> None:
        self._console = Console(file=stream, highlight=False)
        self._started = monotonic()
        columns = (TextColumn("{task.description:<22}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bars = Progress(*columns, TextColumn("{task.fields[detail]}"), console=self._console)
        self._tasks: dict[str, Task] = {}

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._console.is_terminal:
            self._bars.stop()

    def expect(self, steps: Mapping[str, int]) -> None:
        """How many steps each stage has."""
        for stage, count in steps.items():
            number = self._bars.add_task(STAGES[stage], total=count, detail="", start=False)
            self._tasks[stage] = self._bars.tasks[number]

    def begin(self, stage: str, detail: str) -> None:
        self._bars.start_task(self._tasks[stage].id)
        self._bars.update(self._tasks[stage].id, detail=detail)

    def advance(self, stage: str, detail: str) -> None:
        task = self._tasks[stage]
        self._bars.update(task.id, advance=1, detail=detail)
        if task.finished:
            self._bars.update(task.id, detail="")
            if not self._console.is_terminal:
                self._console.print(f"{STAGES[stage]}: {task.completed:.0f} done, {monotonic() - self._started:.0f} s")

    def follow(self, stage: str) -> Callable[[str, int], None]:
        """For a stage that says how many steps it has with each step that it finishes."""

        def tell(detail: str, total: int) -> None:
            if stage not in self._tasks:
                self.expect({stage: total})
                self.begin(stage, detail)
            self.advance(stage, detail)

        return tell

    def say(self, message: str) -> None:
        self._console.print(message, markup=False, soft_wrap=True)  # a path stays in one piece


@contextmanager
def own_terminal(log: Path) -> Iterator[TextIO]:
    """The terminal for us alone: what libraries and their children print goes to the log file instead."""
    log.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    saved = os.dup(1), os.dup(2)
    try:
        with log.open("ab") as sink, os.fdopen(os.dup(saved[1]), "w", encoding="utf-8") as terminal:
            os.dup2(sink.fileno(), 1)
            os.dup2(sink.fileno(), 2)
            yield terminal
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for number, original in enumerate(saved, start=1):
            os.dup2(original, number)
            os.close(original)
