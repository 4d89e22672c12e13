"""The command line `siyu`: thin, over the same definitions as the UI, and needing no service.

Belongs here: arguments, messages, exit codes. Does not: work. Dagster is imported by the commands that run something
and by no other, so that `status` and `query` answer at once.
"""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import typer

from orchestration import cli_audience, cli_customer, cli_privacy, cli_run, inbox, reported
from orchestration import status as book
from orchestration.settings import PROJECT_ROOT, Settings, settings
from orchestration.tables import Format, render
from orchestration.terminal import catalogue_of, show, stop

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Siyu: from platform exports to marts, audience lists and KPIs.",
)
cli_privacy.register(app)
app.add_typer(cli_audience.app, name="audience")
app.add_typer(cli_customer.app, name="customer")
INTERRUPTED = 130
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


@app.command()
def demo(scale: float = 1.0, days: int = 365, seed: int | None = None) -> None:
    """Writes the simulated brand's exports into the inbox, runs every day of them, prints what was published."""
    home = settings()
    _simulate(home, {"scale": scale, "days": days} | ({} if seed is None else {"seed": seed}))
    delivered = inbox.states(home.inbox)
    state = book.state_of(delivered)
    if book.last_complete(home) == state:
        typer.echo("Nothing has changed since the last complete run: no new delivery, the same rules.")
    else:
        cli_run.run(home, min(delivered), max(delivered))
        book.remember_complete(home, state)
    typer.echo(render(*reported.published(home), "table"))
    for title, place in {
        "Catalogue for BI": home.catalogue,
        "Reports": home.reports,
        "Audience lists": home.audiences,
    }.items():
        typer.echo(f"{title}: {place}")
    siyu = sys.argv[0]
    typer.echo(f'Next: {siyu} status · {siyu} query "select * from outputs.kpi__sales_daily limit 5" · make dev')


@app.command()
def run(
    day: Day = None,
    first: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"])] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"])] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what today's logic would change.")] = False,
) -> None:
    """Runs a business day, or a range of them as one run. Exit code 1, with the reasons, unless all was published."""
    if (day is None) == (first is None or last is None) or (first is None) != (last is None):
        raise typer.BadParameter("give either --day D, or --from A and --to B (YYYY-MM-DD)")
    begin, end = (first or day), (last or day)
    if begin is None or end is None or begin > end:
        raise typer.BadParameter("--from must not be after --to")
    cli_run.refuse_impossible(settings(), begin.date(), end.date())
    if dry_run:
        cli_run.rehearse_days(settings(), begin.date(), end.date())
    else:
        cli_run.show_first(settings(), begin.date(), end.date())
        cli_run.run(settings(), begin.date(), end.date())


@app.command()
def status() -> None:
    """Last deliveries and runs, what is blocked or quarantined, and what is published."""
    show(book.overview(settings()))


@app.command()
def query(sql: str, output: Annotated[Format, typer.Option("--format")] = "table") -> None:
    """Read-only SQL on the published catalogue (schemas marts, outputs, audit)."""
    import duckdb  # noqa: PLC0415

    catalogue = catalogue_of(settings(), "Run `siyu demo` or `siyu run --day …` first.")
    try:
        with duckdb.connect(str(catalogue), read_only=True) as connection:
            connection.execute("set enable_external_access = false; set lock_configuration = true")
            result = connection.execute(sql)
            if result is None:  # nothing but spaces, comments or a semicolon
                stop('The query is empty. Try: siyu query "select * from outputs.kpi__sales_daily limit 5"')
            columns = [column[0] for column in result.description or []]
            typer.echo(render(columns, result.fetchall(), output))
    except duckdb.Error as error:
        stop(f"The query was not run: {error}")


@app.command()
def verify(rebuild: Annotated[bool, typer.Option("--rebuild", help="Also build every table again.")] = False) -> None:
    """Proves offline that rows are accounted for and that lake, lists and catalogue are what was written."""
    from orchestration.progress import Stages  # noqa: PLC0415
    from orchestration.verify import is_empty  # noqa: PLC0415
    from orchestration.verify import verify as prove  # noqa: PLC0415

    home = settings()
    if is_empty(home):
        stop("Nothing has been delivered or published yet, so there is nothing to verify. Next: siyu run --day …")
    try:
        with Stages(sys.stderr) as stages:
            outcomes = prove(home, rebuild, stages)
    except (RuntimeError, TimeoutError, sqlite3.DatabaseError) as error:
        stop(f"failed: {error}")
    problems = [problem for outcome in outcomes for problem in outcome.problems]
    for problem in problems:
        typer.echo(f"wrong: {problem}")
    rows = [[outcome.title, outcome.count, len(outcome.problems)] for outcome in outcomes]
    typer.echo(render(["checked", "count", "problems"], rows, "table"))
    if problems:
        stop(f"{len(problems)} problem{'s' * (len(problems) > 1)}: see the lines that begin with `wrong:`.")
    typer.echo("All of it is as it was written.")


@app.command()
def replay(
    day: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])],
    known_on: Annotated[datetime, typer.Option("--known-on", formats=["%Y-%m-%d"])],
) -> None:
    """Rebuilds a day from the deliveries known on a date, beside the live tables, and says what differs from now."""
    from orchestration.progress import Stages  # noqa: PLC0415
    from orchestration.replay import CannotReplayError, summary  # noqa: PLC0415
    from orchestration.replay import replay as rebuild  # noqa: PLC0415

    home = settings()
    cli_run.refuse_the_future(home, day.date())
    try:
        with Stages(sys.stderr) as stages:
            done = rebuild(home, day.date(), known_on.date(), stages)
    except (CannotReplayError, RuntimeError) as error:
        stop(str(error))
    for line in (*done.remarks, *done.problems):
        typer.echo(line)
    show(summary(done.difference))
    typer.echo(f"\n{day:%Y-%m-%d} as known on {known_on:%Y-%m-%d}: {done.folder}")
    typer.echo("siyu.duckdb holds its tables and, in the schema replay, every difference; audiences/ its lists.")
    if done.problems:
        raise typer.Exit(1)


@app.command()
def dev(port: int = 3000) -> None:
    """Opens the Dagster UI on 127.0.0.1, with schedules, sensors and backfills, until interrupted."""
    from orchestration.instance import prepare_home  # noqa: PLC0415

    prepare_home(settings())
    command = [sys.executable, "-m", "dagster", "dev", "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(port)]
    os.chdir(PROJECT_ROOT)
    os.execv(sys.executable, command)  # in place of this process, so that a signal reaches Dagster itself


def main() -> None:
    """The entry point: an interruption is a sentence, no traceback."""
    try:
        app()
    except SystemExit as end:
        if end.code == INTERRUPTED:
            typer.echo("\nStopped. What was published stays; run the same command again to go on.", err=True)
        raise


def _simulate(home: Settings, options: Mapping[str, object]) -> None:
    """Writes the brand's exports once; an installation holds one brand."""
    stamp = home.home / "truth" / "options.json"
    if stamp.exists():
        if json.loads(stamp.read_text()) != options:
            stop(
                f"{home.home} already holds a demo with other options; delete it or set SIYU_HOME to another directory."
            )
        return
    typer.echo("Writing the simulated brand's exports …", err=True)
    arguments = [text for name, value in options.items() for text in (f"--{name}", str(value))]
    command = [sys.executable, "-m", "demo", "--home", str(home.home), *arguments]
    if subprocess.run(command, cwd=PROJECT_ROOT, check=False).returncode:
        stop("The exports could not be written; see the message above.")
    stamp.write_text(json.dumps(options))
