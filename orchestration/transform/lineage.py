"""Which columns a model's column is made of, read from the SQL that dbt compiled.

Belongs here: syntax trees. Does not: a connection, Dagster, or a guess: a model that cannot be read has no lineage.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import Node, lineage

DIALECT = "duckdb"
Upstream = tuple[str, str]  # a dbt node's unique id and one of its columns
Lineage = dict[str, dict[str, list[Upstream]]]  # unique id → column → what it is made of


def column_lineage(manifest: Mapping[str, Any], columns: Mapping[str, Sequence[str]]) -> Lineage:
    """Lineage of every compiled model; `columns` are those of each node and source by unique id."""
    models = {name: node for name, node in manifest["nodes"].items() if node.get("compiled_code")}
    relations = {name: node["relation_name"] for name, node in _nodes(manifest).items() if node.get("relation_name")}
    return {
        name: _upstream_columns(model, relations, columns)
        for name, model in models.items()
        if model["resource_type"] == "model" and model["language"] == "sql"
    }


def _nodes(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {**manifest["nodes"], **manifest["sources"]}


def _upstream_columns(
    model: Mapping[str, Any], relations: Mapping[str, str], columns: Mapping[str, Sequence[str]]
) -> dict[str, list[Upstream]]:
    parents = [name for name in model["depends_on"]["nodes"] if name in relations]
    sql = model["compiled_code"]
    for parent in sorted(parents, key=lambda name: -len(relations[name])):
        sql = sql.replace(relations[parent], f'"{parent}"')
    schema = {parent: dict.fromkeys(columns[parent], "text") for parent in parents if columns.get(parent)}
    try:
        made_of = lineage(None, sql, schema, dialect=DIALECT, trim_selects=False, copy=False)
    except SqlglotError:
        return {}
    return {column: _leaves(node, set(parents)) for column, node in made_of.items()}


def _leaves(node: Node, parents: set[str]) -> list[Upstream]:
    found = {
        (leaf.expression.name, leaf.name.rpartition(".")[2])
        for leaf in node.walk()
        if isinstance(leaf.expression, exp.Table) and leaf.expression.name in parents
    }
    return sorted(found)
