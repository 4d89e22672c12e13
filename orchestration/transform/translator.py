"""How a dbt resource appears in Dagster: the only bridge between the two, derived from folder and `meta` alone.

Belongs here: asset keys, groups, owners, kinds, what is shown of a built table. Does not: the name of any single model.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject

from orchestration.transform.lineage import Upstream
from orchestration.transform.results import Table

Keys = Mapping[str, dg.AssetKey]  # by dbt's unique id
Metadata = dict[str, Any]

PLAN = "plan"  # the plan is not an asset: it is what the run was told
OWNERS = ["team:data"]


class HouseTranslator(DagsterDbtTranslator):
    """A model lives at [layer, name], a source at [raw, platform, dataset]; the schema is the layer."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            parts = ["raw", dbt_resource_props["source_name"], dbt_resource_props["name"]]
            return dg.AssetKey(_dagster_meta(dbt_resource_props).get("asset_key", parts))
        return dg.AssetKey([layer(dbt_resource_props), dbt_resource_props["name"]])

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        props = self.get_resource_props(manifest, unique_id)
        if props["resource_type"] == "source":
            return spec
        return spec.replace_attributes(
            deps=[dep for dep in spec.deps if dep.asset_key.path[:2] != ["raw", PLAN]],
            group_name=layer(props),
            owners=_dagster_meta(props).get("owners", OWNERS),
            description=props["description"] or f"{props['resource_type']} {props['name']}",
            kinds={"dbt", "duckdb"},
        )


def is_asset(props: Mapping[str, Any]) -> bool:
    """Whether a node of the manifest is a table that Dagster knows."""
    return props["resource_type"] in ("model", "seed", "source") and props.get("source_name") != PLAN


def layer(props: Mapping[str, Any]) -> str:
    return str(props["config"]["schema"])


def _dagster_meta(props: Mapping[str, Any]) -> Mapping[str, Any]:
    return (props.get("config", {}).get("meta") or props.get("meta") or {}).get("dagster", {})


def table_metadata(
    node: Mapping[str, Any], table: Table, lineage: Mapping[str, list[Upstream]], keys: Keys
) -> Metadata:
    """What Dagster shows of a table that was built: size, columns, and what each column is made of."""
    described = {name: column.get("description") or None for name, column in node["columns"].items()}
    return {
        "dagster/row_count": table.row_count,
        "dagster/column_schema": dg.TableSchema(
            [dg.TableColumn(name, kind, description=described.get(name)) for name, kind in table.columns.items()]
        ),
        "dagster/column_lineage": dg.TableColumnLineage(
            {
                column: [dg.TableColumnDep(keys[parent], name) for parent, name in made_of if parent in keys]
                for column, made_of in lineage.items()
            }
        ),
    }
