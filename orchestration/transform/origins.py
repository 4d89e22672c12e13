"""Which staging tables the columns of a table are made of.

Belongs here: following column lineage down to staging. Does not: the lineage of one model (`lineage.py`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from orchestration.transform.lineage import Lineage, Upstream, column_lineage
from orchestration.transform.results import Databases, Table, read_tables

Origins = dict[str, dict[str, set[str]]]  # schema.table → column → names of staging tables


def staging_origins(manifest: Mapping[str, Any], databases: Databases, tables: Sequence[str]) -> Origins:
    """Origins of the named tables; a column that is counted, not read, has none."""
    nodes = {name: node for name, node in manifest["nodes"].items() if node["resource_type"] in ("model", "seed")}
    built = read_tables(databases, manifest, set(nodes))
    lineage = column_lineage(manifest, {name: list(table.columns) for name, table in built.items()})
    places = {f"{node['schema']}.{node['name']}": name for name, node in nodes.items()}
    for name in (places[table] for table in tables):
        lineage.setdefault(name, dict.fromkeys(built[name].columns, _all_columns(nodes[name], built)))
    return {
        table: {column: _origins(nodes, lineage, places[table], column) for column in lineage[places[table]]}
        for table in tables
    }


def _all_columns(model: Mapping[str, Any], built: Mapping[str, Table]) -> list[Upstream]:
    """No syntax tree tells what a Python model reads: each of its columns may be made of all that it was handed."""
    parents = (name for name in model["depends_on"]["nodes"] if name in built)
    return [(parent, column) for parent in parents for column in built[parent].columns]


def _origins(nodes: Mapping[str, Any], lineage: Lineage, name: str, column: str) -> set[str]:
    if nodes[name]["schema"] == "staging":
        return {nodes[name]["name"]}
    above = lineage.get(name, {}).get(column, [])
    return set().union(*(_origins(nodes, lineage, *parent) for parent in above if parent[0] in nodes))
