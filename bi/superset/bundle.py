"""Makes the import bundle of the dashboards for one catalogue: `python bi/superset/bundle.py CATALOGUE BUNDLE.zip`.

Belongs here: how the YAML beside this file becomes what Superset imports. Names give the ids, so an import takes the
place of the one before. Does not: what a dashboard shows (`customer_base.yaml`, `sales.yaml`), and what a column means
(the catalogue says it).
"""

import sys
import uuid
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import yaml

HERE = Path(__file__).parent
DASHBOARDS = ("customer_base", "sales")
VERSION = "1.0.0"  # of Superset's format
IDS = uuid.uuid5(uuid.NAMESPACE_DNS, "siyu")

COLUMNS = """
select column_name, data_type, comment from duckdb_columns()
where schema_name || '.' || table_name = ? order by column_index
"""
CHINESE_NAMES = """
select column_name, any_value(split_part(comment, ' · ', -1)) from duckdb_columns()
where comment like '% · %' group by all
"""

# One connection per query, closed after it, so that whoever asks sees the version published last.
DATABASE = {
    "database_name": "siyu",
    "expose_in_sqllab": True,
    "allow_dml": False,
    "extra": {"engine_params": {"connect_args": {"read_only": True}}},
}

Document = dict[str, Any]


def write(catalogue: Path, bundle: Path) -> None:
    """The zip file, made anew."""
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as file:
        for path, document in documents(catalogue.resolve(strict=True)):
            file.writestr(f"siyu/{path}.yaml", yaml.safe_dump(document, allow_unicode=True, sort_keys=False))


def documents(catalogue: Path) -> Iterator[tuple[str, Document]]:
    """Every file of the bundle, with its path."""
    yield "metadata", {"version": VERSION}
    yield "databases/siyu", {**DATABASE, "sqlalchemy_uri": f"duckdb:///{catalogue}", **_id("databases/siyu")}
    datasets = _read("datasets")
    with duckdb.connect(str(catalogue), read_only=True) as connection:
        chinese = dict(connection.execute(CHINESE_NAMES).fetchall())
        for name, dataset in datasets.items():
            columns = _columns(connection, name, dataset)
            yield f"datasets/siyu/{name}", _dataset(name, dataset, columns, chinese | dataset.get("names", {}))
    for name in DASHBOARDS:
        told = _read(name)
        for chart, content in told["charts"].items():
            yield f"charts/{chart}", _chart(chart, content, datasets[content["dataset"]].get("day"))
        yield f"dashboards/{name}", _dashboard(name, told)


def _read(name: str) -> Document:
    told: Document = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    return told


def _id(path: str) -> Document:
    return {"uuid": str(uuid.uuid5(IDS, path)), "version": VERSION}


def _columns(connection: duckdb.DuckDBPyConnection, name: str, told: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Name, type and comment of each."""
    if "table" not in told:
        described = connection.execute(f"describe {told['sql']}").fetchall()
        return [(column, kind, "") for column, kind, *_ in described]
    columns = connection.execute(COLUMNS, [told["table"]]).fetchall()
    if not columns:
        raise ValueError(f"datasets.yaml: {name} reads {told['table']}, which this catalogue does not have: run a day")
    return columns


def _dataset(
    name: str, told: Mapping[str, Any], columns: list[tuple[str, str, str]], names: Mapping[str, str]
) -> Document:
    schema, _, table = told.get("table", f".{name}").rpartition(".")
    return {
        "table_name": table,
        "schema": schema or None,
        "sql": told.get("sql"),
        "main_dttm_col": told.get("day"),
        "columns": [
            {"column_name": column, "verbose_name": names.get(column), "description": comment, "type": kind,
             "is_dttm": kind in ("DATE", "TIMESTAMP")}
            for column, kind, comment in columns
        ],
        "metrics": [
            {"metric_name": metric, "verbose_name": names.get(metric), "expression": sql}
            for metric, sql in told.get("metrics", {}).items()
        ],
        "database_uuid": _id("databases/siyu")["uuid"],
        **_id(f"datasets/{name}"),
    }  # fmt: skip


def _chart(name: str, told: Mapping[str, Any], day: str | None) -> Document:
    filters: list[Document] = []
    if day:
        filters.append(
            {"clause": "WHERE", "expressionType": "SIMPLE", "subject": day, "operator": "TEMPORAL_RANGE",
             "comparator": "No filter"}
        )  # fmt: skip
    if "where" in told:
        filters.append({"clause": "WHERE", "expressionType": "SQL", "sqlExpression": told["where"]})
    return {
        "slice_name": told["title"],
        "viz_type": told["kind"],
        "params": {"viz_type": told["kind"], "adhoc_filters": filters, "row_limit": 10_000, **told["params"]},
        "dataset_uuid": _id(f"datasets/{told['dataset']}")["uuid"],
        **_id(f"charts/{name}"),
    }


def _dashboard(name: str, told: Mapping[str, Any]) -> Document:
    return {
        "dashboard_title": told["title"],
        "description": told["description"],
        "slug": f"siyu-{name.replace('_', '-')}",
        "published": True,
        "position": _position(told["rows"]),
        "metadata": {"native_filter_configuration": [_days_filter(name)], "cross_filters_enabled": True},
        **_id(f"dashboards/{name}"),
    }


def _position(rows: list[Mapping[str, Any]]) -> Document:
    """The tree of Superset's grid: rows of charts."""
    grid = ["ROOT_ID", "GRID_ID"]
    position: Document = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
        "GRID_ID": {"id": "GRID_ID", "type": "GRID", "parents": ["ROOT_ID"], "children": []},
    }
    for number, row in enumerate(rows):
        own = f"ROW-{number}"
        position["GRID_ID"]["children"].append(own)
        position[own] = {
            "id": own,
            "type": "ROW",
            "parents": grid,
            "children": [f"CHART-{name}" for name in row["charts"]],
        }
        position[own]["meta"] = {"background": "BACKGROUND_TRANSPARENT"}
        for name, width in row["charts"].items():
            meta = {"uuid": _id(f"charts/{name}")["uuid"], "chartId": 0, "width": width, "height": row["height"]}
            one = {"id": f"CHART-{name}", "type": "CHART", "parents": [*grid, own], "children": [], "meta": meta}
            position[one["id"]] = one
    return position


def _days_filter(name: str) -> Document:
    """The one filter of a dashboard: which days."""
    return {
        "id": f"NATIVE_FILTER-{name}", "type": "NATIVE_FILTER", "name": "日期 · Days", "filterType": "filter_time",
        "targets": [{}], "scope": {"rootPath": ["ROOT_ID"], "excluded": []}, "cascadeParentIds": [],
        "controlValues": {},
        "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
    }  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    write(Path(sys.argv[1]), Path(sys.argv[2]))
