"""`siyu customer …`: questions about one person.

Belongs here: arguments and messages. Does not: reading (`customers.py`).
"""

import typer

from orchestration.settings import settings
from orchestration.tables import render

app = typer.Typer(no_args_is_help=True, help="Who a customer is.")


@app.callback()
def customer() -> None:
    """Keeps `explain` a command of its own while it is the only one."""


@app.command()
def explain(key: int) -> None:
    """Shows the accounts of a customer, what joins them, and the delivered rows that say so."""
    from orchestration.customers import UnknownCustomerError  # noqa: PLC0415
    from orchestration.customers import explain as explained  # noqa: PLC0415

    catalogue = settings().catalogue
    if not catalogue.exists():
        typer.echo(f"Nothing is published yet: {catalogue} does not exist. Next: siyu run --day …", err=True)
        raise typer.Exit(1)
    try:
        sections = explained(catalogue, key)
    except UnknownCustomerError as unknown:
        typer.echo(str(unknown), err=True)
        raise typer.Exit(1) from None
    for title, (columns, rows) in sections.items():
        typer.echo(f"\n{title}")
        typer.echo(render(columns, rows, "table") if rows else "  none")
