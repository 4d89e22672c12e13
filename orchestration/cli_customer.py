"""`siyu customer …`: questions about one person.

Belongs here: arguments and messages. Does not: reading (`customers.py`).
"""

import typer

from orchestration.settings import settings
from orchestration.terminal import catalogue_of, show, stop

app = typer.Typer(no_args_is_help=True, help="Who a customer is.")


@app.command()
def explain(key: int) -> None:
    """Shows the accounts of a customer, what joins them, and the delivered rows that name them and say so."""
    from orchestration.customers import UnknownCustomerError  # noqa: PLC0415
    from orchestration.customers import explain as explained  # noqa: PLC0415

    home = settings()
    catalogue_of(home)
    try:
        show(explained(home, key))
    except UnknownCustomerError as unknown:
        stop(str(unknown))
