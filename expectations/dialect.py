"""DuckDB as Great Expectations can read it: an SQLAlchemy dialect over duckdb-engine that buffers every result.

Great Expectations ends its transaction before it fetches, and DuckDB drops an unread result with the
transaction. So the cursor here reads all rows while it executes. Nothing about suites belongs here.
"""

from collections.abc import Sequence
from typing import Any

import duckdb
import sqlalchemy as sa
from duckdb_engine import ConnectionWrapper, CursorWrapper, Dialect
from sqlalchemy.dialects import registry
from sqlalchemy.pool import StaticPool

URL = "duckdb+buffered://"
registry.register("duckdb.buffered", __name__, "BufferedDialect")


class BufferedCursor(CursorWrapper):
    """A cursor whose rows outlive the transaction they were read in."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, wrapper: ConnectionWrapper) -> None:
        super().__init__(connection, wrapper)
        self._duckdb = connection
        self._rows: list[tuple[Any, ...]] = []
        self.description: Sequence[Any] | None = None

    def execute(self, statement: str, parameters: Any = None, context: Any = None) -> None:
        super().execute(statement, parameters, context)
        self.description = self._duckdb.description
        self._rows = self._duckdb.fetchall() if self.description else []

    def fetchall(self) -> list[tuple[Any, ...]]:
        rows, self._rows = self._rows, []
        return rows

    def fetchmany(self, size: int | None = None) -> list[tuple[Any, ...]]:
        rows, self._rows = self._rows[: size or 1], self._rows[size or 1 :]
        return rows

    def fetchone(self) -> tuple[Any, ...] | None:
        return self._rows.pop(0) if self._rows else None


class BufferedConnection(ConnectionWrapper):
    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        super().__init__(connection)
        self._duckdb = connection

    def cursor(self) -> BufferedCursor:
        return BufferedCursor(self._duckdb, self)


class BufferedDialect(Dialect):
    """Columns by `describe`, which knows views and attached files. Types are left out: a suite asks `typeof` in SQL."""

    driver = "buffered"
    supports_statement_cache = False

    def get_columns(self, connection: Any, table_name: str, schema: str | None = None, **_: Any) -> list[Any]:
        relation = ".".join(f'"{part}"' for part in (schema, table_name) if part)
        rows = connection.execute(sa.text(f"describe {relation}")).fetchall()
        return [{"name": row[0], "type": sa.types.NullType(), "nullable": True, "default": None} for row in rows]


def engine_arguments(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What `create_engine(URL, …)` needs so that everything runs on this one connection, which the caller closes."""
    return {"creator": lambda: BufferedConnection(connection), "poolclass": StaticPool}
