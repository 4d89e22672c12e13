"""The read-only catalogue: one DuckDB file that anyone may read at any time, replaced whole by one rename.

Belongs here: what goes into a version of it, and how a version takes the place of the last. Does not: what a table
means (dbt), and what is blocked (the gates). Readers that hold the old version keep it until they close.
"""

import hashlib
from collections.abc import Iterable, Set
from dataclasses import astuple, dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.audit import Audit
from orchestration.publish import writers
from orchestration.publish.databases import attach, identifier, literal, private_instance
from orchestration.publish.destinations import AUDIT_TABLES, CATALOGUE_SCHEMAS

# The format that every DuckDB since 1.0 reads, so that an upgrade here shuts out no BI tool.
FRESH = "storage_version 'v1.0.0'"

TABLES = """
select table_schema, table_name from information_schema.tables
where table_catalog = 'warehouse' and table_schema in (select unnest(?))
    and table_name not like '%\\_\\_dbt\\_%' escape '\\'
order by all
"""

COLUMNS = """
select column_name, data_type, comment from duckdb_columns()
where database_name = ? and schema_name = ? and table_name = ? order by column_index
"""

COMMENT = """
select comment from duckdb_tables() where database_name = $1 and schema_name = $2 and table_name = $3
union all
select comment from duckdb_views() where database_name = $1 and schema_name = $2 and view_name = $3
"""


@dataclass(frozen=True)
class PublishedTable:
    """A table of the catalogue. `is_held`: blocked in the last run, so this is the last good version."""

    table_schema: str
    table_name: str
    row_count: int
    fingerprint: str
    is_held: bool

    @property
    def full_name(self) -> str:
        return f"{self.table_schema}.{self.table_name}"


@dataclass(frozen=True)
class _Source:
    """Where a table of the new version comes from."""

    database: str
    schema: str
    table: str
    target_schema: str
    is_held: bool = False


def publish_catalogue(
    warehouse: Path, audit: Audit, catalogue: Path, blocked: Set[str] = frozenset()
) -> list[PublishedTable]:
    """Publishes the warehouse's marts and outputs with the audit book. Tables named in `blocked`, as
    `outputs.kpi__sales_daily`, keep the version that is published already, or stay out if there is none."""
    return _publish(warehouse, audit, catalogue, blocked)


def refresh_audit(audit: Audit, catalogue: Path) -> list[PublishedTable]:
    """Publishes the audit book beside the marts and outputs of the last version: what a failed run calls."""
    return _publish(None, audit, catalogue, frozenset())


def published_tables(catalogue: Path) -> list[PublishedTable]:
    """What is published now; nothing where there is no catalogue yet."""
    with private_instance() as connection:
        return list(_attach_published(connection, catalogue).values())


def _publish(warehouse: Path | None, audit: Audit, catalogue: Path, blocked: Set[str]) -> list[PublishedTable]:
    if catalogue.stem in {*CATALOGUE_SCHEMAS, "audit"}:
        raise ValueError(f"{catalogue}: a catalogue may not be called like one of its schemas, rename the file")
    with writers.exclusive(catalogue.parent), private_instance() as connection:
        published = _attach_published(connection, catalogue)
        if warehouse is not None:
            attach(connection, warehouse, "warehouse", "read_only")
        _read_audit(connection, audit)
        sources = _sources(connection, blocked, published, is_run=warehouse is not None)
        tables = [_describe(connection, source, published) for source in sources]
        if set(tables) != set(published.values()):
            _replace(connection, catalogue, dict(zip(tables, sources, strict=True)))
        return tables


def _attach_published(connection: duckdb.DuckDBPyConnection, catalogue: Path) -> dict[str, PublishedTable]:
    """The last version and its tables; one that is missing or damaged counts as none."""
    if not catalogue.is_file():
        return {}
    try:
        attach(connection, catalogue, "published", "read_only")
        rows = connection.execute("select * from published.audit.published_tables").fetchall()
    except duckdb.Error:
        return {}
    tables = [PublishedTable(*row) for row in rows]
    return {table.full_name: table for table in tables}


def _read_audit(connection: duckdb.DuckDBPyConnection, audit: Audit) -> None:
    """The book as typed tables of this connection."""
    for table, columns in AUDIT_TABLES.items():
        rows = audit.deliveries() if table == "deliveries" else audit.query(f"select * from {table}")
        kinds = {name: pa.int64() if kind in ("bigint", "boolean") else pa.string() for name, kind in columns.items()}
        connection.register("book", pa.Table.from_pylist(rows, schema=pa.schema(kinds)))
        casts = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in columns.items())
        connection.execute(f"create table memory.main.{table} as select {casts} from book")
        connection.unregister("book")


def _sources(
    connection: duckdb.DuckDBPyConnection, blocked: Set[str], published: dict[str, PublishedTable], is_run: bool
) -> list[_Source]:
    """Passed tables from the warehouse; blocked ones (all, without a run) from the last version; then the audit."""
    found = connection.execute(TABLES, [list(CATALOGUE_SCHEMAS)]).fetchall() if is_run else []
    passed = [
        _Source("warehouse", schema, table, schema) for schema, table in found if f"{schema}.{table}" not in blocked
    ]
    held = [
        _Source("published", table.table_schema, table.table_name, table.table_schema, is_held=True)
        for name, table in published.items()
        if table.table_schema in CATALOGUE_SCHEMAS and (name in blocked or not is_run)
    ]
    return passed + held + [_Source("memory", "main", table, "audit") for table in AUDIT_TABLES]


def _describe(
    connection: duckdb.DuckDBPyConnection, source: _Source, published: dict[str, PublishedTable]
) -> PublishedTable:
    """Counts and fingerprints a table: equal for equal rows in any order, columns, types and comments."""
    if source.is_held:
        return replace(published[f"{source.target_schema}.{source.table}"], is_held=True)
    origin = (source.database, source.schema, source.table)
    columns = connection.execute(COLUMNS, origin).fetchall()
    names = ", ".join(identifier(name) for name, _, _ in columns)
    count = f"select count(*), sum(hash({names})::hugeint) from {identifier(*origin)}"
    (rows, content), comment = connection.execute(count).fetchall()[0], connection.execute(COMMENT, origin).fetchall()
    fingerprint = hashlib.sha256(repr((rows, content, columns, comment)).encode()).hexdigest()[:32]
    return PublishedTable(source.target_schema, source.table, rows, fingerprint, is_held=False)


def _replace(connection: duckdb.DuckDBPyConnection, catalogue: Path, tables: dict[PublishedTable, _Source]) -> None:
    """Builds the new version beside the old one and puts it in its place."""
    finished = writers.temporary(catalogue)
    attach(connection, finished, "fresh", FRESH)
    for schema in (*CATALOGUE_SCHEMAS, "audit"):
        connection.execute(f"create schema fresh.{schema}")
    for source in tables.values():
        _copy(connection, source)
    _list_tables(connection, tables)
    connection.execute("detach fresh")
    writers.install(finished, catalogue)


def _copy(connection: duckdb.DuckDBPyConnection, source: _Source) -> None:
    origin, target = (source.database, source.schema, source.table), ("fresh", source.target_schema, source.table)
    connection.execute(f"create table {identifier(*target)} as from {identifier(*origin)}")
    for (comment,) in connection.execute(COMMENT, origin).fetchall():
        if comment:
            connection.execute(f"comment on table {identifier(*target)} is {literal(comment)}")
    for name, _, comment in connection.execute(COLUMNS, origin).fetchall():
        if comment:
            connection.execute(f"comment on column {identifier(*target, name)} is {literal(comment)}")


def _list_tables(connection: duckdb.DuckDBPyConnection, tables: Iterable[PublishedTable]) -> None:
    connection.execute(
        "create table fresh.audit.published_tables (table_schema varchar, table_name varchar, row_count bigint,"
        " fingerprint varchar, is_held boolean)"
    )
    rows = [astuple(table) for table in tables]
    connection.executemany("insert into fresh.audit.published_tables values (?, ?, ?, ?, ?)", rows)
