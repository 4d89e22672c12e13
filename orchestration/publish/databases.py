"""DuckDB files, opened each in an instance that nobody else shares and that is always closed, and copied whole.

A plain `duckdb.connect(file)` shares one instance per process and path: it may show a version that was replaced
since, and it refuses another mode. Attaching to a private in-memory instance does neither. Belongs here: files, what
is in them, comments. Does not: which of it is published (`catalogue.py`, `audiences.py`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publish import writers

FINISHED = "finished"  # what dbt calls the database of marts and outputs, also in the views that it writes there

# The format that every DuckDB since 1.3 reads, so that an upgrade here shuts out no BI tool.
READABLE_BY_ALL = "storage_version 'v1.3.0'"

RELATIONS = """
select schema_name, table_name, null, comment from duckdb_tables() where database_name = $database
union all
select schema_name, view_name, substr(sql, position(' AS ' in sql) + 4), comment
from duckdb_views() where database_name = $database and not internal
order by all
"""

COLUMNS = """
select column_name, data_type, comment from duckdb_columns()
where database_name = ? and schema_name = ? and table_name = ? order by column_index
"""

PARAMETER = re.compile(r"\$(\w+)")
Column = tuple[str, str, str | None]  # name, type, comment


@dataclass(frozen=True)
class Relation:
    """A table, or a view with the query it stands for."""

    schema: str
    name: str
    query: str | None
    comment: str | None

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def kind(self) -> str:
        return "table" if self.query is None else "view"


@contextmanager
def private_instance() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def reading(finished: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The marts and outputs, read-only, as the default database."""
    with private_instance() as connection:
        attach(connection, finished, FINISHED, "read_only")
        connection.execute(f"use {FINISHED}")
        yield connection


def answer(
    connection: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, object] | None = None
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of a query, which names ($…) all of the values, some or none."""
    named = set(PARAMETER.findall(sql))
    found = connection.execute(sql, {name: value for name, value in (values or {}).items() if name in named})
    return [column[0] for column in found.description or []], found.fetchall()


def attach(connection: duckdb.DuckDBPyConnection, database: Path, name: str, options: str) -> None:
    connection.execute(f"attach {literal(database)} as {name} ({options})")


def compact(file: Path) -> None:
    """Rewrites a file of which more than a third is free space, as a rebuild leaves it: every copy of it is smaller
    from then on. Writers are kept out meanwhile; what was written last and is still in a log waits for another time."""
    draft = writers.temporary(file)
    with private_instance() as connection:
        attach(connection, file, FINISHED, "read_only")
        size = "select 2 * free_blocks > used_blocks from pragma_database_size() where database_name = ?"
        (is_loose,) = connection.execute(size, [FINISHED]).fetchall()[0]
        if is_loose and not _log_of(file).exists():
            draft.unlink(missing_ok=True)  # what a killed publisher left
            attach(connection, draft, "compact", READABLE_BY_ALL)
            connection.execute(f"copy from database {FINISHED} to compact")
            connection.execute("detach compact")
            writers.install(draft, file)


def attach_copy(connection: duckdb.DuckDBPyConnection, database: str, file: Path, target: Path, name: str) -> None:
    """A copy of an attached database, open for changes. Its bytes are copied; its tables where the file alone is not
    all: what was written last is in a log."""
    if _log_of(file).exists():
        attach(connection, target, name, READABLE_BY_ALL)
        connection.execute(f"copy from database {database} to {name}")
    else:
        writers.copy(file, target)
        attach(connection, target, name, "read_write")


def _log_of(file: Path) -> Path:
    return Path(f"{file}.wal")


def relations(connection: duckdb.DuckDBPyConnection, database: str) -> list[Relation]:
    return [Relation(*row) for row in connection.execute(RELATIONS, {"database": database}).fetchall()]


def columns(connection: duckdb.DuckDBPyConnection, database: str, relation: Relation) -> list[Column]:
    return connection.execute(COLUMNS, [database, relation.schema, relation.name]).fetchall()


def comment_on(
    connection: duckdb.DuckDBPyConnection, database: str, relation: Relation, described: Iterable[Column]
) -> None:
    """Gives a relation and its columns the comments that it had elsewhere."""
    own = identifier(database, relation.schema, relation.name)
    comments = [(f"{relation.kind} {own}", relation.comment)]
    comments += [(f"column {own}.{identifier(name)}", comment) for name, _, comment in described]
    for subject, comment in comments:
        if comment:
            connection.execute(f"comment on {subject} is {literal(comment)}")


def literal(value: object) -> str:
    """A value as an SQL text, for the statements that take no parameters."""
    return "'" + str(value).replace("'", "''") + "'"


def identifier(*parts: str) -> str:
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)
