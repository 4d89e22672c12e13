"""What is reported: the tables that are published now, and which of their days other logic than today's built.

Belongs here: reading the catalogue, which has what was published last, whatever has failed since.
Does not: what today's logic would make of those days (`rehearsal.py`), and printing (`cli.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from orchestration.publish.databases import answer
from orchestration.settings import DBT_PROJECT, Settings
from orchestration.tables import Table
from orchestration.transform.arguments import target
from orchestration.transform.logic import logic_of_models

BUILT_DAYS = """
select table_name, logic, cast(count(*) as integer), min(day), max(day) from audit.built_days
where day between $first and $last and logic is not null group by table_name, logic order by table_name, min(day)
"""
PUBLISHED = "select table_schema, table_name, row_count from audit.published_tables order by all"
# Where a content was delivered first.
FILES = """
    select content_hash, min(delivery_date) as delivery_date, arg_min(file_name, delivery_date) as file_name
    from audit.deliveries where status = 'loaded' group by content_hash
"""


class UnreadableCatalogueError(RuntimeError):
    """What is published cannot be read, so nothing can be said of it."""


@dataclass(frozen=True)
class OldDays:
    """Published days of a table that were built by logic which is not today's."""

    table: str
    logic: str
    todays_logic: str
    count: int
    first: date
    last: date

    def __str__(self) -> str:
        days = f"{self.first} was" if self.count == 1 else f"{self.count} days ({self.first} to {self.last}) were"
        return f"{self.table}: {days} built by logic {self.logic}, today's is {self.todays_logic}"


def published(settings: Settings) -> Table:
    """The tables of the catalogue with their sizes."""
    return catalogue_rows(settings, PUBLISHED)


def old_days(settings: Settings, first: date = date.min, last: date = date.max) -> list[OldDays]:
    """The published days between these two that other logic built; none where nothing is published. Reading today's
    logic takes some seconds after the project has changed."""
    _, built = catalogue_rows(settings, BUILT_DAYS, {"first": first, "last": last})
    logic = logic_of_models(DBT_PROJECT, target(settings)) if built else {}
    return [
        OldDays(table, made_by, logic[table], count, begin, end)
        for table, made_by, count, begin, end in built
        if table in logic and logic[table] != made_by
    ]


def catalogue_rows(settings: Settings, sql: str, values: Mapping[str, object] | None = None) -> Table:
    """Rows of a query on what is published; none before the first publication."""
    if not settings.catalogue.exists():
        return [], []
    try:
        with duckdb.connect(str(settings.catalogue), read_only=True) as connection:
            return answer(connection, sql, values)
    except duckdb.CatalogException:  # a run that failed before any table stood has published its audit only
        return [], []
    except duckdb.Error as error:  # damaged, or written by a version that had other columns
        raise UnreadableCatalogueError(
            f"{settings.catalogue} cannot be read ({str(error).partition(chr(10))[0]}). Move it away and run any day: "
            "it is written anew from the warehouse, and that run alone does not show first what it replaces."
        ) from error
