"""The read-only catalogue: one DuckDB file that anyone may read at any time, replaced whole by one rename.

A version is a copy of the file of marts and outputs, from which what is not for readers is dropped and to which the
audit book is added. Belongs here: what goes into a version of it, and how a version takes the place of the last. Does
not: what a table means (dbt), and what is blocked (the gates). Readers of the old version keep it until they close.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.audit import Audit
from orchestration.publish import writers
from orchestration.publish.databases import (
    FINISHED,
    READABLE_BY_ALL,
    Relation,
    attach,
    attach_copy,
    columns,
    comment_on,
    compact,
    identifier,
    literal,
    private_instance,
    relations,
)
from orchestration.publish.destinations import AUDIT_TABLES, CATALOGUE_SCHEMAS
from orchestration.publish.views import localise_views

LEFTOVER = "__dbt_"  # in the names of tables that dbt would have swapped or dropped, had it not been killed

FOREIGN_SCHEMAS = """
select schema_name from duckdb_schemas()
where database_name = 'fresh' and not internal and schema_name not in (select unnest(?))
"""

# Which logic each day of a table by day was built by: what dbt remembers, for those who read.
BUILT_DAYS = """
create table fresh.audit.built_days as
select built.model as table_name, built.day, built.logic, built.logic is not distinct from models.logic as is_current
from fresh.state.built_days as built left join fresh.state.logic as models on built.model = models.model
"""

# Who was found to be somebody else, and when: the log that dbt keeps.
ACCOUNT_MOVES = "create table fresh.audit.account_moves as select * from fresh.state.account_moves"

# What is held was built as it was when it was published.
HELD_DAYS = "from {}.audit.built_days where list_contains($held, table_name)"

ORIGIN = """
select comment from duckdb_tables()
where database_name = 'published' and schema_name = 'audit' and table_name = 'published_tables'
"""
KEPT = "Marts and outputs of the version before"


@dataclass(frozen=True)
class PublishedTable:
    """A table of the catalogue, or a view, whose rows are not counted and whose fingerprint is that of its query.
    `is_held`: blocked in the last run, so this is the last good version."""

    table_schema: str
    table_name: str
    row_count: int | None
    fingerprint: str
    is_held: bool = False

    @property
    def full_name(self) -> str:
        return f"{self.table_schema}.{self.table_name}"


@dataclass(frozen=True)
class _Desk:
    """Where a version is made: a connection to the last one (`published`) and, once begun, to the next (`fresh`)."""

    connection: duckdb.DuckDBPyConnection
    catalogue: Path
    published: dict[str, PublishedTable]

    @property
    def draft(self) -> Path:
        return writers.temporary(self.catalogue)

    def reopen(self) -> None:
        """So that the query of a new view is measured as readers find it: DuckDB spells it differently until then."""
        self.connection.execute("detach fresh")
        attach(self.connection, self.draft, "fresh", "read_write")


def publish_catalogue(
    finished: Path, audit: Audit, catalogue: Path, blocked: Set[str] = frozenset()
) -> list[PublishedTable]:
    """Publishes the finished marts and outputs with the audit book. Tables named in `blocked`, as
    `outputs.kpi__sales_daily`, keep the version that is published already, or stay out if there is none."""
    with _sole_publisher(catalogue) as desk:
        compact(finished)
        origin = _origin(finished, blocked)
        if desk.published and desk.connection.execute(ORIGIN).fetchall() == [(origin,)]:
            return _renew_audit(desk, audit, desk.published, origin)
        attach(desk.connection, finished, FINISHED, "read_only")
        attach_copy(desk.connection, FINISHED, finished, desk.draft, "fresh")
        desk.connection.execute(f"detach {FINISHED}")  # dbt may have it back
        desk.connection.execute("create schema if not exists fresh.audit")
        desk.connection.execute(BUILT_DAYS)
        desk.connection.execute(ACCOUNT_MOVES)
        _drop_unpublished(desk.connection, blocked)
        _hold(desk, blocked)
        localise_views(desk.connection, "fresh")
        desk.reopen()
        return _complete(desk, audit, origin, {}, blocked)


def refresh_audit(audit: Audit, catalogue: Path) -> list[PublishedTable]:
    """Publishes the audit book beside the marts and outputs of the last version: what a failed run calls."""
    with _sole_publisher(catalogue) as desk:
        held = {name: replace(table, is_held=True) for name, table in desk.published.items()}
        return _renew_audit(desk, audit, held, KEPT)


def published_tables(catalogue: Path) -> list[PublishedTable]:
    """What is published now; nothing where there is no catalogue yet."""
    with private_instance() as connection:
        return list(_attach_published(connection, catalogue).values())


def measure(connection: duckdb.DuckDBPyConnection, database: str, relation: Relation) -> PublishedTable:
    """Counts and fingerprints: equal for equal rows in any order, columns, types and comments."""
    described = columns(connection, database, relation)
    if relation.query is None:
        names = ", ".join(identifier(name) for name, _, _ in described)
        own = identifier(database, relation.schema, relation.name)
        rows, content = connection.execute(f"select count(*), sum(hash({names})) from {own}").fetchall()[0]
    else:
        rows, content = None, relation.query
    fingerprint = hashlib.sha256(repr((rows, content, described, relation.comment)).encode()).hexdigest()[:32]
    return PublishedTable(relation.schema, relation.name, rows, fingerprint)


@contextmanager
def _sole_publisher(catalogue: Path) -> Iterator[_Desk]:
    if catalogue.stem in {*CATALOGUE_SCHEMAS, "audit"}:
        raise ValueError(f"{catalogue}: a catalogue may not be called like one of its schemas, rename the file")
    with writers.exclusive(catalogue.parent), private_instance() as connection:
        yield _Desk(connection, catalogue, _attach_published(connection, catalogue))


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


def _origin(finished: Path, blocked: Set[str]) -> str:
    """What a version is made of, without reading it: whoever writes a file moves its time."""
    files = [(file.name, file.stat()) for file in sorted(finished.parent.glob(f"{finished.name}*"))]
    states = [f"{name} ({status.st_size} bytes, written at {status.st_mtime_ns} ns)" for name, status in files]
    return f"Made by DuckDB {duckdb.__version__} from {', '.join(states)}, without {sorted(blocked)}"


def _drop_unpublished(connection: duckdb.DuckDBPyConnection, blocked: Set[str]) -> None:
    schemas = [*CATALOGUE_SCHEMAS, "audit"]
    for relation in relations(connection, "fresh"):
        if LEFTOVER in relation.name or relation.full_name in blocked or relation.schema not in schemas:
            connection.execute(f"drop {relation.kind} {identifier('fresh', relation.schema, relation.name)}")
    for (schema,) in connection.execute(FOREIGN_SCHEMAS, [schemas]).fetchall():
        connection.execute(f"drop schema {identifier('fresh', schema)} cascade")


def _hold(desk: _Desk, blocked: Set[str]) -> None:
    """Takes over the last good version of what is blocked, a view with the rows that it had."""
    if "audit.built_days" in desk.published:
        held = {"held": [name.partition(".")[2] for name in blocked]}
        desk.connection.execute(f"delete {HELD_DAYS.format('fresh')}", held)
        desk.connection.execute(f"insert into fresh.audit.built_days by name {HELD_DAYS.format('published')}", held)
    for relation in relations(desk.connection, "published") if desk.published else []:
        if relation.full_name in blocked:
            path = (relation.schema, relation.name)
            copy = f"create table {identifier('fresh', *path)} as from {identifier('published', *path)}"
            desk.connection.execute(copy)
            comment_on(
                desk.connection, "fresh", replace(relation, query=None), columns(desk.connection, "published", relation)
            )


def _renew_audit(desk: _Desk, audit: Audit, tables: Mapping[str, PublishedTable], origin: str) -> list[PublishedTable]:
    """The last version with what the audit book says now."""
    if desk.published:
        attach_copy(desk.connection, "published", desk.catalogue, desk.draft, "fresh")
    else:
        attach(desk.connection, desk.draft, "fresh", READABLE_BY_ALL)
    kept = {name: table for name, table in tables.items() if table.table_schema in CATALOGUE_SCHEMAS}
    return _complete(desk, audit, origin, kept)


def _complete(
    desk: _Desk, audit: Audit, origin: str, known: Mapping[str, PublishedTable], held: Set[str] = frozenset()
) -> list[PublishedTable]:
    """Adds the audit book, measures what is not known yet, and puts the version in its place if anything is new."""
    _write_audit(desk.connection, audit)
    with ThreadPoolExecutor(1) as beside:
        flushed = beside.submit(writers.flush, desk.draft)  # most of the bytes, while they are read
        tables = [
            known.get(one.full_name) or replace(measure(desk.connection, "fresh", one), is_held=one.full_name in held)
            for one in relations(desk.connection, "fresh")
        ]
    flushed.result()
    if set(tables) != set(desk.published.values()):
        _list_tables(desk.connection, tables, origin)
        desk.connection.execute("checkpoint fresh; detach fresh")
        writers.install(desk.draft, desk.catalogue)
    return tables


def _write_audit(connection: duckdb.DuckDBPyConnection, audit: Audit) -> None:
    """The book as typed tables."""
    for schema in (*CATALOGUE_SCHEMAS, "audit"):
        connection.execute(f"create schema if not exists fresh.{schema}")
    connection.execute("drop table if exists fresh.audit.published_tables")
    for table, kinds in AUDIT_TABLES.items():
        rows = audit.deliveries() if table == "deliveries" else audit.query(f"select * from {table}")
        types = {name: pa.int64() if kind in ("bigint", "boolean") else pa.string() for name, kind in kinds.items()}
        connection.register("book", pa.Table.from_pylist(rows, schema=pa.schema(types)))
        casts = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in kinds.items())
        connection.execute(f"create or replace table fresh.audit.{table} as select {casts} from book")
        connection.unregister("book")


def _list_tables(connection: duckdb.DuckDBPyConnection, tables: Iterable[PublishedTable], origin: str) -> None:
    connection.execute(
        "create table fresh.audit.published_tables (table_schema varchar, table_name varchar, row_count bigint,"
        " fingerprint varchar, is_held boolean)"
    )
    rows = [astuple(table) for table in tables]
    connection.executemany("insert into fresh.audit.published_tables values (?, ?, ?, ?, ?)", rows)
    connection.execute(f"comment on table fresh.audit.published_tables is {literal(origin)}")
