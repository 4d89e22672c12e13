"""Whether a catalogue still is what was published: every block readable, every table the rows that its list names.

Belongs here: reading it again. Does not: writing it (`catalogue.py`), and what is done about a damage (`verify.py`).
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from orchestration.publish.catalogue import PublishedTable, measure, published_tables
from orchestration.publish.databases import Relation, attach, private_instance, relations
from orchestration.publish.destinations import CATALOGUE_SCHEMAS

SCHEMAS = (*CATALOGUE_SCHEMAS, "audit")
LIST = "audit.published_tables"


def altered_tables(catalogue: Path) -> Iterator[tuple[str, str]]:
    """Every table of a catalogue with what is wrong with it: nothing where it is what was published."""
    promised = {table.full_name: table for table in published_tables(catalogue)}
    if not promised:
        yield LIST, "the file cannot be opened as a catalogue"
        return
    with private_instance() as connection:
        attach(connection, catalogue, "published", "read_only")
        found = {one.full_name: one for one in relations(connection, "published") if one.schema in SCHEMAS}
        for name in sorted((found.keys() | promised.keys()) - {LIST}):
            yield name, _rule(connection, promised.get(name), found.get(name))


def _rule(connection: duckdb.DuckDBPyConnection, promised: PublishedTable | None, found: Relation | None) -> str:
    if promised is None or found is None:
        return "it is missing" if promised else "it was added after the publication"
    try:
        now = measure(connection, "published", found)
    except duckdb.Error as error:
        return f"it cannot be read ({str(error).partition(chr(10))[0]})"
    is_equal = (now.row_count, now.fingerprint) == (promised.row_count, promised.fingerprint)
    return "" if is_equal else "its rows, columns or comments are not those that were published: it was changed"
