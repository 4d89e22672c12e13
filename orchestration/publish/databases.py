"""Opens finished DuckDB files to read them, each in an instance that nobody else shares and that is always closed.

A plain `duckdb.connect(file)` shares one instance per process and path: it may show a version that was replaced
since, and it refuses another mode. Attaching to a private in-memory instance does neither.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb


@contextmanager
def private_instance() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def reading(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """One file, read-only, as the default database."""
    with private_instance() as connection:
        attach(connection, database, "warehouse", "read_only")
        connection.execute("use warehouse")
        yield connection


def attach(connection: duckdb.DuckDBPyConnection, database: Path, name: str, options: str) -> None:
    connection.execute(f"attach {literal(database)} as {name} ({options})")


def literal(value: object) -> str:
    """A value as an SQL text, for the statements that take no parameters."""
    return "'" + str(value).replace("'", "''") + "'"


def identifier(*parts: str) -> str:
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)
