"""Which columns a model's column is made of, read from the SQL that dbt compiled.

Belongs here: syntax trees, and a memory of what was read from them: to read all models is a twentieth of a daily run.
Does not: a connection, Dagster, or a guess: a model that cannot be read has no lineage.
"""

import hashlib
import json
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlglot import __version__ as reader
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import Node, lineage

DIALECT = "duckdb"
Upstream = tuple[str, str]  # a dbt node's unique id and one of its columns
Lineage = dict[str, dict[str, list[Upstream]]]  # unique id → column → what it is made of


def column_lineage(
    manifest: Mapping[str, Any], columns: Mapping[str, Sequence[str]], memory: Path | None = None
) -> Lineage:
    """Lineage of every compiled model; `columns` are those of each node and source by unique id. `memory` is a
    file that keeps it: a model is read again when its SQL, a column of what it reads, or the reader has changed."""
    models = {name: node for name, node in manifest["nodes"].items() if node.get("compiled_code")}
    nodes = {**manifest["nodes"], **manifest["sources"]}
    before = json.loads(memory.read_text()) if memory and memory.exists() else {}
    after: dict[str, dict[str, list[Upstream]]] = {}
    found: Lineage = {}
    for name, model in models.items():
        if model["resource_type"] == "model" and model["language"] == "sql":
            sql, schema = _read_from(model, nodes, columns)
            key = hashlib.sha256(json.dumps([reader, sql, schema]).encode()).hexdigest()
            after[key] = before[key] if key in before else _upstream_columns(sql, schema)
            found[name] = {column: [(node, leaf) for node, leaf in leaves] for column, leaves in after[key].items()}
    if memory:
        unfinished = memory.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(after))
        unfinished.replace(memory)
    return found


def _read_from(
    model: Mapping[str, Any], nodes: Mapping[str, Any], columns: Mapping[str, Sequence[str]]
) -> tuple[str, dict[str, list[str]]]:
    """The model's SQL with the unique ids of what it reads as names, and their columns."""
    relations = {name: str(nodes[name]["relation_name"]) for name in _tables_read(model, nodes)}
    sql = model["compiled_code"]
    for parent in sorted(relations, key=lambda name: -len(relations[name])):
        sql = sql.replace(relations[parent], f'"{parent}"')
    return sql, {parent: list(columns.get(parent, [])) for parent in relations}


def _tables_read(model: Mapping[str, Any], nodes: Mapping[str, Any]) -> Iterator[str]:
    """Tables and views, also those that it reads through models that are part of its own SQL."""
    for parent in model["depends_on"]["nodes"]:
        if nodes[parent].get("relation_name"):
            yield parent
        else:
            yield from _tables_read(nodes[parent], nodes)


def _upstream_columns(sql: str, parents: Mapping[str, Sequence[str]]) -> dict[str, list[Upstream]]:
    schema = {parent: dict.fromkeys(columns, "text") for parent, columns in parents.items() if columns}
    try:
        made_of = lineage(None, sql, schema, dialect=DIALECT, trim_selects=False, copy=False)
    except SqlglotError:
        return {}
    return {column: _leaves(node, parents) for column, node in made_of.items()}


def _leaves(node: Node, parents: Container[str]) -> list[Upstream]:
    found = {
        (leaf.expression.name, leaf.name.rpartition(".")[2])
        for leaf in node.walk()
        if isinstance(leaf.expression, exp.Table) and leaf.expression.name in parents
    }
    return sorted(found)
