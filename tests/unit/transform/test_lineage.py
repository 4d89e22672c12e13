"""Column lineage from compiled SQL."""

from pathlib import Path
from typing import Any

import pytest

from orchestration.transform import lineage
from orchestration.transform.lineage import column_lineage

SOURCE, STAGING, MART = "source.siyu.shop.orders", "model.siyu.stg_orders", "model.siyu.orders"


def manifest(mart_sql: str) -> dict[str, Any]:
    def model(relation: str, parent: str, sql: str) -> dict[str, Any]:
        depends_on = {"nodes": [parent]}
        return {
            "resource_type": "model",
            "language": "sql",
            "relation_name": relation,
            "compiled_code": sql,
            "depends_on": depends_on,
        }

    raw = "read_parquet('lake/*.parquet', union_by_name = true)"
    return {
        "sources": {SOURCE: {"relation_name": raw}},
        "nodes": {
            STAGING: model(
                '"w"."staging"."stg_orders"',
                SOURCE,
                f"with raw as (select * from {raw}) select id, paid as paid_amount from raw",
            ),
            MART: model('"w"."marts"."orders"', STAGING, mart_sql),
        },
    }


COLUMNS = {SOURCE: ["id", "paid"], STAGING: ["id", "paid_amount"]}


def test_a_column_leads_through_ctes_and_stars_to_the_file() -> None:
    found = column_lineage(manifest('select id from "w"."staging"."stg_orders"'), COLUMNS)
    assert found[STAGING] == {"id": [(SOURCE, "id")], "paid_amount": [(SOURCE, "paid")]}


def test_an_expression_leads_to_every_column_in_it() -> None:
    sql = 'select sum(paid_amount) / count(id) as average_amount from "w"."staging"."stg_orders"'
    assert column_lineage(manifest(sql), COLUMNS)[MART] == {
        "average_amount": [(STAGING, "id"), (STAGING, "paid_amount")]
    }


def test_a_column_leads_through_models_that_are_part_of_its_sql() -> None:
    project = manifest('with o as (select id from "w"."staging"."stg_orders") select id from o')
    project["nodes"]["model.siyu.part"] = {
        **project["nodes"][MART], "relation_name": None, "compiled_code": 'select id from "w"."staging"."stg_orders"'
    }  # fmt: skip
    project["nodes"][MART]["depends_on"] = {"nodes": ["model.siyu.part"]}
    assert column_lineage(project, COLUMNS)[MART] == {"id": [(STAGING, "id")]}


def test_sql_that_cannot_be_read_has_no_lineage() -> None:
    assert column_lineage(manifest("selekt (("), COLUMNS)[MART] == {}


def test_a_model_is_read_again_where_it_or_what_it_reads_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, memory = [], tmp_path / "lineage.json"
    reading = lineage._upstream_columns
    monkeypatch.setattr(lineage, "_upstream_columns", lambda sql, parents: read.append(sql) or reading(sql, parents))
    first = column_lineage(manifest('select * from "w"."staging"."stg_orders"'), COLUMNS, memory)
    assert column_lineage(manifest('select * from "w"."staging"."stg_orders"'), COLUMNS, memory) == first
    assert len(read) == 2
    wider = COLUMNS | {STAGING: [*COLUMNS[STAGING], "shop_id"]}
    found = column_lineage(manifest('select * from "w"."staging"."stg_orders"'), wider, memory)
    assert len(read) == 3 and found[MART]["shop_id"] == [(STAGING, "shop_id")]
    column_lineage(manifest('select id from "w"."staging"."stg_orders"'), wider, memory)
    assert len(read) == 4
