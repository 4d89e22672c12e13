"""All tables from nothing: a database keeps the bytes of rows that were deleted from it.

Belongs here: removing the databases, and what they alone know of everybody else. Does not: building (`transform/`).
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb

from orchestration.audit import Audit
from orchestration.extract.casting import literal
from orchestration.forgetting.person import Person
from orchestration.settings import Settings
from orchestration.transform.lock import sole_writer

LOGS_OF_STATE = ("account_moves", "joined_accounts")  # of the tables in `state`, those that a rebuild does not make
Say = Callable[[str], object]
RunDay = Callable[[date], tuple[str, ...]]


def build_anew(settings: Settings, audit: Audit, person: Person, run_day: RunDay, say: Say) -> tuple[str, ...]:
    """Removes every table, builds them without the person, and publishes. Returns why something was not published."""
    days = audit.query("select max(as_of_date) as last from business_days")
    if not days or days[0]["last"] is None:
        return ()
    with sole_writer(settings.warehouse, "siyu forget", say):
        fresh = settings.finished_file.with_suffix(".fresh")
        fresh.unlink(missing_ok=True)
        _keep_logs(settings.finished_file, fresh, person)
        for file in [*settings.plan.glob("*"), *settings.warehouse.glob("*.duckdb*")]:
            file.unlink()
        if fresh.exists():
            fresh.replace(settings.finished_file)
    return run_day(date.fromisoformat(str(days[0]["last"])))


def _keep_logs(finished: Path, fresh: Path, person: Person) -> None:
    """What no rebuild can tell, of everybody else."""
    if not finished.exists():
        return
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(str(finished))} as old (read_only)")
        known = {
            name
            for (name,) in connection.execute(
                "select table_name from duckdb_tables() where database_name = 'old' and schema_name = 'state'"
            ).fetchall()
        }
        keys = [*person.customers, *_account_keys(connection, person)]
        kept = [name for name in LOGS_OF_STATE if name in known]
        if kept:
            connection.execute(f"attach {literal(str(fresh))} as fresh; create schema fresh.state")
        for name in kept:
            connection.execute(
                f"create table fresh.state.{name} as from old.state.{name}"
                " where account_key not in (select unnest($keys::bigint[]))",
                {"keys": keys},
            )


def _account_keys(connection: duckdb.DuckDBPyConnection, person: Person) -> list[int]:
    names = ["/".join(account) for account in person.accounts]
    query = (
        "select account_key from old.marts.customer_accounts where concat_ws('/', platform, shop_id, account_id) in "
    )
    try:
        return [
            key
            for (key,) in connection.execute(f"{query} (select unnest($names::varchar[]))", {"names": names}).fetchall()
        ]
    except duckdb.CatalogException:
        return []
