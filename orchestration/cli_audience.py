"""`siyu audience …`: what the campaigns of the plan would send, and why somebody is in or out.

Belongs here: arguments and messages. Does not: reading (`campaigns.py`).
"""

import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.settings import Settings, settings
from orchestration.tables import Table
from orchestration.terminal import catalogue_of, show, stop

if TYPE_CHECKING:
    import duckdb

app = typer.Typer(no_args_is_help=True, help="Campaigns: sizes of their lists, and why somebody is on them.")
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])]


@app.command("list")
def show_list() -> None:
    """Every campaign of the plan, with the sizes of its last list."""
    from orchestration.campaigns import listed  # noqa: PLC0415

    with _catalogue(settings()) as connection:
        show({"Campaigns": listed(connection)})
    typer.echo("\nNext: siyu audience preview CAMPAIGN --day D")


@app.command()
def preview(campaign: str, day: Day) -> None:
    """The sizes of a day's list by decision; a day that was not run is computed, and nothing is sent."""
    from orchestration import campaigns  # noqa: PLC0415

    home, asked = settings(), day.date()
    with _catalogue(home) as connection:
        _require(connection, campaign, asked)
        if campaigns.is_decided(connection, asked):
            show(campaigns.preview(connection, campaign, asked))
            return
    show(_computed(home, campaign, asked))
    typer.echo(f"\n{asked} was not run yet: computed from what is booked. Next: siyu run --day {asked}")


@app.command()
def explain(campaign: str, day: Day, customer: Annotated[int, typer.Option(help="customer_key")]) -> None:
    """Why a customer is on a day's list, or is not: the decision, every rule in its order, and what was delivered."""
    from orchestration import campaigns, customers, stories  # noqa: PLC0415

    home, asked = settings(), day.date()
    with _catalogue(home) as connection:
        _require(connection, campaign, asked)
        if not campaigns.is_decided(connection, asked):
            stop(f"{asked} was not run yet, so nobody was decided about. Next: siyu run --day {asked}")
        sections = stories.explain(connection, campaign, customer, asked)
        sections["List"] = stories.delivered(home.audiences, campaign, customer, asked)
        if not sections["Decision"][1]:
            try:
                customers.require(connection, customer)
            except customers.UnknownCustomerError as unknown:
                show({"List": sections["List"]})  # one that was delivered may still name him by this key
                stop(str(unknown))
            typer.echo(
                f"Customer {customer} was no candidate of {campaign} on {asked}: the template's rule does not hold. "
                f"Who he is: siyu customer explain {customer}"
            )
    show(sections)


def _computed(home: Settings, campaign: str, day: date) -> dict[str, Table]:
    from orchestration import campaigns  # noqa: PLC0415
    from orchestration.progress import Stages  # noqa: PLC0415

    try:
        with Stages(sys.stderr) as stages, campaigns.decided_beside(home, day, stages) as connection:
            return campaigns.preview(connection, campaign, day)
    except RuntimeError as error:
        stop(str(error))


def _require(connection: "duckdb.DuckDBPyConnection", campaign: str, day: date) -> None:
    from orchestration.campaigns import UnknownCampaignError, require  # noqa: PLC0415

    try:
        require(connection, campaign, day)
    except UnknownCampaignError as unknown:
        stop(str(unknown))


def _catalogue(home: Settings) -> "duckdb.DuckDBPyConnection":
    import duckdb  # noqa: PLC0415

    return duckdb.connect(str(catalogue_of(home)), read_only=True)
