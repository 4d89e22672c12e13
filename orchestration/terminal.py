"""What the commands of `siyu` do alike: print tables under titles, stop with a reason, ask for what is published.

Belongs here: what more than one command says. Does not: what one says (`cli*.py`), how rows become text (`tables.py`).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import typer

from orchestration.settings import Settings
from orchestration.tables import Table, render


def show(sections: Mapping[str, Table]) -> None:
    """Tables, each under its title."""
    for title, (columns, rows) in sections.items():
        typer.echo(f"\n{title}")
        typer.echo(render(columns, rows, "table") if rows else "  none")


def stop(message: str) -> NoReturn:
    """Ends the command with exit code 1, and says why."""
    typer.echo(message, err=True)
    raise typer.Exit(1)


def catalogue_of(home: Settings, remedy: str = "Next: siyu run --day …") -> Path:
    """The catalogue; the command ends where nothing is published yet."""
    if not home.catalogue.exists():
        stop(f"Nothing is published yet: {home.catalogue} does not exist. {remedy}")
    return home.catalogue
