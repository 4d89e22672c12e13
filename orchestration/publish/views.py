"""Views, written anew for readers: dbt writes them for a database name that exists in its own connection only.

Belongs here: the query of a view. Does not: which views are published (`catalogue.py`).
"""

from collections.abc import Iterable

import duckdb

from orchestration.publish.databases import FINISHED, Column, Relation, columns, comment_on, identifier, relations

# A query as DuckDB itself writes it, without the name of the database.
LOCAL_QUERY = f"""
select json_deserialize_sql(
    replace(json_serialize_sql($1::varchar), '"catalog_name":"{FINISHED}"', '"catalog_name":""')::json
)
"""


def localise_views(connection: duckdb.DuckDBPyConnection, database: str) -> None:
    """Views for readers, under whatever name they open the file. A view comes after the one that it reads; one that
    reads a table which is not there is left out."""
    views = [(view, columns(connection, database, view)) for view in relations(connection, database) if view.query]
    for view, _ in views:
        connection.execute(f"drop view {identifier(database, view.schema, view.name)}")
    connection.execute(f"use {identifier(database)}")
    while created := [one for one in views if _create(connection, database, *one)]:
        views = [one for one in views if one not in created]
    connection.execute("use memory")


def _create(connection: duckdb.DuckDBPyConnection, database: str, view: Relation, described: Iterable[Column]) -> bool:
    (query,) = connection.execute(LOCAL_QUERY, [view.query]).fetchall()[0]
    names = ", ".join(identifier(name) for name, *_ in described)
    try:
        connection.execute(f"create view {identifier(database, view.schema, view.name)} ({names}) as {query}")
    except duckdb.CatalogException:
        return False
    comment_on(connection, database, view, described)
    return True
