"""The commands of privacy: `siyu forget` and `siyu rotate-pepper`. Both end with a run, since they build tables anew.

Belongs here: arguments, messages, exit codes. Does not: the work (`forgetting/`, `rotation.py`).
"""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli_run import log_of
from orchestration.settings import Settings, settings
from orchestration.tables import render
from orchestration.terminal import stop

LOOK_AFTER = "Nothing of this person is left here. Lists that were sent, and copies elsewhere, are yours to look after."
Identifier = Annotated[
    str, typer.Option("--id", help="phone:… account:<platform>/<shop>/<id> union_id:… customer:KEY and others")
]


def register(app: typer.Typer) -> None:
    app.command()(forget)
    app.command("rotate-pepper")(rotate_pepper)


def forget(identifier: Identifier) -> None:
    """Erases a person everywhere, keeps later deliveries from bringing them back, and proves it."""
    from orchestration.forgetting.erasure import forget as erase  # noqa: PLC0415

    home = settings()
    try:
        proof = erase(home, identifier, lambda day: _run(home, day), _say)
    except (ValueError, TimeoutError) as error:
        stop(str(error))
    rows = [["removed", place, count] for place, count in proof.removed.items()]
    rows += [["left", place, count] for place, count in proof.left.items()]
    typer.echo(render(["", "where", "count"], rows, "table"))
    typer.echo(f"Proof: {proof.file}")
    if proof.problems:
        stop("Not finished; when it is mended, give the same command again:\n" + "\n".join(proof.problems))
    typer.echo(LOOK_AFTER)


def rotate_pepper(
    to: Annotated[
        Path | None, typer.Option(help="The file of the new pepper, where it is given by a variable.")
    ] = None,
) -> None:
    """Replaces the pepper: every stored token is carried over to a new one."""
    from orchestration.rotation import rotate  # noqa: PLC0415

    home = settings()
    try:
        problems = rotate(home, to, lambda day: _run(home, day), _say)
    except (ValueError, TimeoutError, OSError) as error:
        stop(str(error))
    typer.echo(f"From now on set SIYU_PEPPER_FILE={to.resolve()}." if to else f"The new pepper is {home.own_pepper}.")
    typer.echo("Keep a copy of it elsewhere, with a copy of the vault; the old one is of no use any more.")
    if problems:
        stop("\n".join(problems))


def _run(home: Settings, day: date) -> tuple[str, ...]:
    """Runs a business day, with progress on the terminal; returns why something was not published."""
    from orchestration.partitions import Window  # noqa: PLC0415
    from orchestration.progress import Stages, own_terminal  # noqa: PLC0415
    from orchestration.runs import run_days  # noqa: PLC0415

    with own_terminal(log_of(home)) as terminal, Stages(terminal) as stages:
        return run_days(home, Window(day, day), stages)


def _say(line: str) -> None:
    typer.echo(line, err=True)
