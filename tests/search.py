"""Looking for a word in everything that an installation has written, also where bytes are compressed.

Belongs here: Parquet, DuckDB, workbooks and plain files as text. Does not: what must not be found.
"""

import zipfile
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

import duckdb

TABLES = """
select '"' || schema_name || '"."' || table_name || '"' from duckdb_tables() where database_name = 'looked_at'
"""
# Where something might be told; a search that finds nothing says little unless it has looked at each of them.
PLACES = {
    "compiled SQL": "dbt/*/compiled/*.sql",
    "SQL as it was run": "dbt/*/run/*.sql",
    "dbt's logs": "dbt/*/dbt.log",
    "logs": "logs/*.log",
    "the memory of runs": "dagster/*.db",
    "the audit book": "audit/audit.sqlite",
    "the lake": "lake/*/delivery_date=2*/*.parquet",
    "the warehouse": "warehouse/warehouse.duckdb",
    "the marts": "warehouse/finished.duckdb",
    "the catalogue": "published/siyu.duckdb",
    "the pages": "published/reports/*/index.html",
    "the lists": "published/audiences/*.csv",
}


def told_of(home: Path, words: Iterable[str], besides: Iterable[str] = ()) -> Iterator[tuple[Path, str]]:
    """Every file of an installation with the words it holds; `besides` are folders that are left out."""
    for file in _looked_at(home, besides):
        yield from ((file, word) for word in _found(file, list(words)))


def places_not_looked_at(home: Path, besides: Iterable[str] = ()) -> set[str]:
    """Of which of the places the same search has no file that holds anything."""
    files = [file.relative_to(home).as_posix() for file in _looked_at(home, besides) if file.stat().st_size]
    return {place for place, pattern in PLACES.items() if not any(fnmatch(file, pattern) for file in files)}


def _looked_at(home: Path, besides: Iterable[str]) -> Iterator[Path]:
    for file in sorted(home.rglob("*")):
        if file.is_file() and file.relative_to(home).parts[0] not in besides:
            yield file


def _found(file: Path, words: list[str]) -> list[str]:
    content = file.read_bytes()
    if found := [word for word in words if word.encode() in content or word.encode("gb18030") in content]:
        return found
    if file.suffix == ".parquet":
        return _in_rows(f"read_parquet('{file}')", words)
    if file.suffix == ".duckdb":
        with duckdb.connect() as connection:
            connection.execute(f"attach '{file}' as looked_at (read_only); use looked_at")
            tables = [table for (table,) in connection.execute(TABLES).fetchall()]
            return [word for table in tables for word in _in_rows(table, words, connection)]
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            inside = b"".join(archive.read(member) for member in archive.infolist())
        return [word for word in words if word.encode() in inside]
    return []


def _in_rows(table: str, words: list[str], connection: duckdb.DuckDBPyConnection | None = None) -> list[str]:
    query = "select word from (select unnest($words) as word) "
    query += f"where exists (from {table} as rows where contains(rows::varchar, word))"
    looked = (connection or duckdb).execute(query, {"words": words})
    return [word for (word,) in looked.fetchall()]
