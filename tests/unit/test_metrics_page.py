"""The page of metrics is the one that the YAML makes, with every ratio of a KPI table and all that a stage asks for."""

import csv
import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "docs" / "metrics.py"
SEED = Path(__file__).parents[2] / "dbt_project" / "seeds" / "stages.csv"
REASONS = ("_reason", "feeds")
# What makes the rows of a table besides orders: where it lacks there is no row, and so no figure that is null.
MAKES_ROWS = {
    "kpi__aipl_flows_daily": {"members"},
    "kpi__campaign_arms": {"campaigns"},
    "kpi__campaign_delivery": {"touches"},
    "kpi__fact_daily": {"influencers"},
    "kpi__repurchase_cohorts": {"members", "products"},
}
FIELDS = ("zh", "formula", "window", "refunds", "feeds", "definition", "source")


@pytest.fixture
def metrics() -> ModuleType:
    spec = importlib.util.spec_from_file_location("metrics", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_says_what_the_models_say(metrics):
    assert metrics.PAGE.read_text(encoding="utf-8") == metrics.page(), "run `python docs/metrics.py`"


def test_every_ratio_is_a_metric(metrics):
    missing = [
        f"{model['name']}.{column['name']}"
        for model in metrics._models()
        for column in model["columns"]
        if model["name"].startswith("kpi__")
        and column["name"].endswith(("_ratio", "_multiple"))
        and not (column.get("config") or {}).get("meta", {}).get("metric")
    ]
    assert not missing, f"say what they measure in `config.meta.metric`: {', '.join(missing)}"


def test_a_figure_that_a_feed_can_lack_for_stands_beside_a_reason(metrics):
    """Orders tell of their refunds; the rest that makes the rows of a table is said above."""
    wrong = []
    for model in metrics._models():
        kept = [(column.get("config") or {}).get("meta", {}).get("metric") for column in model["columns"]]
        told = {feed for metric in kept if metric for feed in metric["feeds"]}
        beyond = told - {"orders", "refunds"} - MAKES_ROWS.get(model["name"], set())
        reasons = [column["name"] for column in model["columns"] if column["name"].endswith(REASONS)]
        if model["name"].startswith("kpi__") and beyond and not reasons:
            wrong.append(f"{model['name']}: add `missing_feeds` for {', '.join(sorted(beyond))}")
    assert not wrong


def test_every_metric_says_all_that_the_catalogue_tells(metrics):
    told = [
        (f"{model['name']}.{column['name']}", metric)
        for model in metrics._models()
        for column in model["columns"]
        if (metric := (column.get("config") or {}).get("meta", {}).get("metric"))
    ]
    assert len(told) > 150
    for name, metric in told:
        missing = [field for field in FIELDS if not metric.get(field)]
        assert not missing, f"{name} does not say its {', '.join(missing)}"
        assert metric["definition"] in {"public", "own"}, name
        assert metric["refunds"] in {"none", "gross", "net_pay_time", "net_refund_time"}, name


def test_what_a_stage_asks_for_is_a_metric(metrics):
    known = {
        f"{model['name']}.{column['name']}"
        for model in metrics._models()
        for column in model["columns"]
        if (column.get("config") or {}).get("meta", {}).get("metric")
    }
    stages = list(csv.DictReader(SEED.open(encoding="utf-8")))
    named = {name for stage in stages for name in stage["focus_metrics"].split(", ")}
    assert named, "no stage names a metric"
    assert not named - known


def test_what_is_not_computed_says_why(metrics):
    """Each with its reason; a column that a reason points to is there."""
    _, listed = metrics.page().split("## Not computed")
    rows = [line.split(" | ") for line in listed.splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 15 and all(len(row) == 3 and all(row) for row in rows)
    columns = {column["name"] for model in metrics._models() for column in model["columns"]}
    tables = {model["name"] for model in metrics._models()}
    named = {word for row in rows for word in re.findall(r"[a-z]\w*_\w+", row[2]) if not word.startswith("kpi__")}
    assert not named - columns
    assert not {word for row in rows for word in re.findall(r"kpi__\w+", row[2])} - tables
