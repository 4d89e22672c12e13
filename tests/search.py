"""Looking for a word in everything that an installation has written, also where bytes are compressed.

Belongs here: Parquet, DuckDB, workbooks and plain files as text. Does not: what must not be found.
"""

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

TABLES = """
select '"' || schema_name || '"."' || table_name || '"' from duckdb_tables() where database_name = 'looked_at'
"""


def told_of(home: Path, words: Iterable[str], besides: Iterable[str] = ()) -> Iterator[tuple[Path, str]]:
    """Every file of an installation with the words it holds; `besides` are folders that are left out."""
    for file in sorted(home.rglob("*")):
        if file.is_file() and file.relative_to(home).parts[0] not in besides:
            yield from ((file, word) for word in _found(file, list(words)))


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
