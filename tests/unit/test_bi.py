"""What is asked for by name, and what dashboards read, goes by the names of the KPI tables."""

import re
from pathlib import Path

import pytest
import yaml

from orchestration.publish.health.page import TOPICS

ROOT = Path(__file__).parents[2]
MODELS = ROOT / "dbt_project" / "models" / "outputs"
OF_OTHERS = {"cohort_": "同期群", "product_": "商品"}
DASHBOARDS = ("customer_base", "sales")


def _read(file: Path) -> dict:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def _named(metric: dict) -> tuple[str, str]:
    """The column of a metric, and what its Chinese name says first: whose it is, where sales have the same name."""
    for prefix, whose in OF_OTHERS.items():
        if metric["name"].startswith(prefix):
            return metric["name"].removeprefix(prefix), whose
    return metric["name"], ""


@pytest.fixture(scope="module")
def metrics():
    return [metric for file in MODELS.glob("semantic/*.yml") for metric in _read(file).get("metrics", [])]


def test_a_metric_is_called_like_a_column_of_a_kpi_table(metrics):
    models = [model for file in MODELS.glob("kpis/kpi__*.yml") for model in _read(file)["models"]]
    assert {_named(metric)[0] for metric in metrics} <= {column["name"] for m in models for column in m["columns"]}


def test_a_metric_has_the_chinese_name_of_its_column(metrics):
    macro = (ROOT / "dbt_project" / "macros" / "chinese_names.sql").read_text(encoding="utf-8")
    names = dict(re.findall(r"^ +'([a-z0-9_]+)': '(.+)'", macro, re.M))
    told = {metric["name"]: _named(metric) for metric in metrics}
    assert {metric["name"]: metric["label"] for metric in metrics} == {
        name: whose + names[column] for name, (column, whose) in told.items()
    }


@pytest.mark.parametrize("name", DASHBOARDS)
def test_a_dashboard_is_an_exposure_of_what_it_reads(name):
    datasets = _read(ROOT / "bi" / "superset" / "datasets.yaml")
    read = [datasets[chart["dataset"]] for chart in _read(ROOT / "bi/superset" / f"{name}.yaml")["charts"].values()]
    tables = {
        table.split(".")[1]
        for dataset in read
        for table in re.findall(r"(?:marts|outputs)\.\w+", dataset.get("table") or dataset["sql"])
    }
    exposures = {one["name"]: one["depends_on"] for one in _read(MODELS / "exposures.yml")["exposures"]}
    assert {f"ref('{table}')" for table in tables} == set(exposures[f"{name}_dashboard"])


def test_the_page_of_a_day_is_an_exposure_of_what_it_reads():
    tables = {table.split(".")[1] for topic in TOPICS for table in topic.tables if not table.startswith("audit.")}
    exposures = {one["name"]: one["depends_on"] for one in _read(MODELS / "exposures.yml")["exposures"]}
    assert set(exposures["health_page"]) == {f"ref('{table}')" for table in tables}


@pytest.mark.parametrize("name", DASHBOARDS)
def test_every_chart_has_its_place_in_rows_of_twelve_columns(name):
    dashboard = _read(ROOT / "bi" / "superset" / f"{name}.yaml")
    placed = [chart for row in dashboard["rows"] for chart in row["charts"]]
    assert sorted(placed) == sorted(dashboard["charts"])
    assert {sum(row["charts"].values()) for row in dashboard["rows"]} == {12}
