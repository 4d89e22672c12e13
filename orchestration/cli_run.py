"""Running days from the terminal: what is refused before, what a run would change, its progress, and what came of it.

Belongs here: messages and exit codes of whatever runs days. Does not: arguments (`cli.py`), and the run (`runs.py`).
"""

import sys
import traceback
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO
from zoneinfo import ZoneInfo

import typer

from orchestration import inbox, reported
from orchestration import status as book
from orchestration.settings import Settings
from orchestration.tables import render
from orchestration.terminal import stop

if TYPE_CHECKING:
    from orchestration.partitions import Window


QUARANTINED_NAMED = 10


def log_of(home: Settings) -> Path:
    """Where what libraries print today goes."""
    return home.home / "logs" / f"{datetime.now():%Y-%m-%d}.log"


def run(home: Settings, first: date, last: date) -> None:
    """Runs the days, telling progress on stderr; ends the program with 1 where something was not published."""
    from orchestration.partitions import Window  # noqa: PLC0415
    from orchestration.progress import own_terminal  # noqa: PLC0415

    days = Window(first, last)
    log = log_of(home)
    with own_terminal(log) as terminal:
        try:
            reasons = _watched(home, days, terminal)
        except Exception as error:  # a contract, suite or model that cannot be read: one line here, the rest in the log
            traceback.print_exc()
            reasons = (f"failed: {error}",)
    for reason in reasons:
        typer.echo(reason)
    _tell_rows(home, first, last)
    if reasons:
        stop(f"Not everything of {days} was published. Report: {book.report(home, last)} · log: {log}")
    typer.echo(f"Published: {days}. Report: {book.report(home, last)}")
    if not book.has_delivery(home, first, last):
        typer.echo(f"Nothing is delivered for {days}: what is published of it is made of other days' deliveries.")
    if old := _old_days(home):
        typer.echo("\n".join(map(str, old)))
        typer.echo(
            "They stay as they were reported. What today's logic would make of them: siyu run --from A --to B --dry-run"
        )
    for (rows, files), of_one, of_many in [
        (book.quarantined(home, first, last), "was quarantined", "were quarantined"),
        (book.unmatched(home, first, last), "reaches nobody", "reach nobody"),
    ]:
        if rows:
            counted = f"{rows:,} row{'s' * (rows > 1)} of {files:,} file{'s' * (files > 1)}"
            typer.echo(f"{counted} {of_many if rows > 1 else of_one}: siyu status · the day's report")


def _tell_rows(home: Settings, first: date, last: date) -> None:
    """Names rows that were kept out, and rows of the campaign plan that were let pass and may not be meant."""
    rejected = book.rejected(home, first, last)
    for line in rejected[:QUARANTINED_NAMED]:
        typer.echo(line)
    if (more := len(rejected) - QUARANTINED_NAMED) > 0:
        places = f"{more:,} more place{'s' * (more > 1)}"
        typer.echo(f"quarantined: rows that break rules in {places}: siyu status · the day's report")
    for line in book.warned(home, first, last):
        typer.echo(line)


def _watched(home: Settings, days: "Window", terminal: TextIO) -> tuple[str, ...]:
    """Runs the days with progress on the terminal; returns the reasons why something was not published."""
    terminal.write(f"Running {days} …\n")
    terminal.flush()
    from orchestration.progress import Stages  # noqa: PLC0415
    from orchestration.runs import run_days  # noqa: PLC0415

    with Stages(terminal) as stages:
        return run_days(home, days, stages)


def show_first(home: Settings, first: date, last: date) -> None:
    """Where other logic built some of the days, says which, and what replacing them will change."""
    if old := _old_days(home, first, last):
        typer.echo("\n".join(map(str, old)))
        rehearse_days(home, first, last)
        if sys.stdin.isatty():
            typer.confirm("Replace them?", abort=True)


def rehearse_days(home: Settings, first: date, last: date) -> None:
    """Prints what a run of the days would change; changes nothing."""
    from orchestration.progress import Stages  # noqa: PLC0415
    from orchestration.rehearsal import rehearse, summary  # noqa: PLC0415

    try:
        with Stages(sys.stderr) as stages:
            columns, rows = summary(rehearse(home, first, last, stages.say, stages.follow("rebuild")))
    except (ValueError, RuntimeError, OSError) as error:
        stop(str(error))
    typer.echo(f"\nWhat running {first} to {last} would change, of what is booked:")
    typer.echo(render(columns, rows, "table") if rows else "  nothing")


def _old_days(home: Settings, first: date = date.min, last: date = date.max) -> list[reported.OldDays]:
    try:
        return reported.old_days(home, first, last)
    except RuntimeError as error:
        stop(str(error))


def refuse_impossible(home: Settings, first: date, last: date) -> None:
    """Stops before anything costly is begun."""
    if first < home.start_date:
        stop(f"{first} is before the first day of this installation; set SIYU_START_DATE={first} or earlier.")
    refuse_the_future(home, last)
    _refuse_the_time_before(home, last)


def refuse_the_future(home: Settings, day: date) -> None:
    from orchestration.partitions import TIMEZONE  # noqa: PLC0415

    today = datetime.now(ZoneInfo(TIMEZONE)).date()
    if day > today and day > max(inbox.states(home.inbox), default=today):
        stop(f"{day} has not come yet (today is {today} in {TIMEZONE}) and no file is delivered for it or later.")


def _refuse_the_time_before(home: Settings, day: date) -> None:
    """A business day is never forgotten, so a mistyped year of before the first delivery must not become one."""
    if (earliest := book.first_delivery(home)) and day < earliest:
        stop(f"Nothing is delivered for {day} or any day before; the first delivery is of {earliest}.")
