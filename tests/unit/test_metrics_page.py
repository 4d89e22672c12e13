"""The page of metrics is the one that the models' YAML makes, and every ratio of a KPI table is on it."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "docs" / "metrics.py"


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
        if column["name"].endswith(("_ratio", "_multiple"))
        and not (column.get("config") or {}).get("meta", {}).get("metric")
    ]
    assert not missing, f"say what they measure in `config.meta.metric`: {', '.join(missing)}"
