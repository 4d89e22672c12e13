"""Writes `metrics.md` from the YAML of the tables that hold metrics: `python docs/metrics.py`.

Belongs here: the page. Does not: what a metric is (`config.meta.metric` of its column), and the table that BI tools
read (`outputs.kpi__metrics`, made of the same).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

PAGE = Path(__file__).with_name("metrics.md")
MODELS = Path(__file__).resolve().parents[1] / "dbt_project" / "models"
HEAD = """# Metrics

What every figure of the KPI tables and of product affinity is: made of the models' YAML by `python docs/metrics.py`,
and in the catalogue as `outputs.kpi__metrics`. A ratio stands beside its numerator and denominator. *Refunds*:
`gross` leaves them out, `net_pay_time` takes them off the day of the payment, `net_refund_time` off the day of the
refund. *Definition*: `public`, where a platform or the trade defines it; `own`, where no public formula is known and
this one is ours. *Source*: who published or names the figure.

What the trade names and no table holds, with the reason, is listed at the end.
"""
COLUMNS = ("Metric", "Name", "中文", "Formula", "Over", "Refunds", "Feeds", "Definition", "Source")


def page() -> str:
    """The whole page: a section per table that has a metric, and what is not computed."""
    sections = (_section(model, list(_rows(model))) for model in _models() if any(_rows(model)))
    return "\n".join([HEAD, *sections, _not_computed()])


def _models() -> Iterator[Mapping[str, Any]]:
    files = [file for layer in ("marts", "outputs") for file in MODELS.joinpath(layer).rglob("*.yml")]
    for file in sorted(files, key=lambda file: file.name):
        yield from yaml.safe_load(file.read_text(encoding="utf-8")).get("models", [])


def _rows(model: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for column in model.get("columns", []):
        if metric := (column.get("config") or {}).get("meta", {}).get("metric"):
            measured = (metric["zh"], metric["formula"], str(metric["window"]), metric["refunds"])
            known = (", ".join(metric["feeds"]), metric["definition"], metric["source"])
            name = metric.get("en") or column["name"].replace("_", " ").capitalize()
            yield (f"`{column['name']}`", name, *measured, *known)


def _section(model: Mapping[str, Any], rows: list[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(cells)} |".replace("|  |", "| |") for cells in (COLUMNS, ["---"] * len(COLUMNS), *rows)]
    return "\n".join([f"## {model['name']}", "", " ".join(model["description"].split()), "", *lines, ""])


def _not_computed() -> str:
    """What the YAML of a table says of metrics that it lacks (`config.meta.not_computed`)."""
    lacking = [
        lack for model in _models() for lack in ((model.get("config") or {}).get("meta") or {}).get("not_computed", [])
    ]
    cells = [(lack["zh"], lack["en"], lack["because"]) for lack in lacking]
    lines = [f"| {' | '.join(row)} |" for row in (("中文", "Metric", "Not computed, because"), ("---",) * 3, *cells)]
    return "\n".join(["## Not computed", "", *lines, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
