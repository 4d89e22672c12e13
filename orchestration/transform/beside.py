"""The dbt project built once more, beside the live tables: from any plan, into a directory of its own.

Belongs here: the place, the build, what it left to read. Does not: the live warehouse, which is neither read nor
locked, and what a second build is compared with (`equality.py`, `difference.py`).
"""

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pyarrow.parquet as pq

from orchestration.settings import DBT_PROJECT, Settings
from orchestration.transform.arguments import EXECUTABLE, build_arguments, environment, target
from orchestration.transform.logic import logic_of_models
from orchestration.transform.plan import FIELDS, Plan, write_plan
from orchestration.transform.results import Databases, broken_models

Tell = Callable[[str, int], object]  # the table that was built, and how many there are in all
BUILT = {"LogModelResult", "LogSeedResult"}


@dataclass(frozen=True)
class Build:
    """A finished second build: its databases, and dbt's description of their tables."""

    databases: Databases
    manifest: Mapping[str, Any]

    @property
    def finished_file(self) -> Path:
        return self.databases["finished"]


def as_known(plan: Plan, day: date, known_on: date) -> Plan:
    """What a daily operation would have planned on `day` from the deliveries up to `known_on`; an earlier day that was
    asked for first when both were over is none of its days."""
    over = max(day, known_on)
    asked = (one for one in plan.business_days if one <= day and plan.late_days.get(one, date.min) < over)
    return replace(
        plan,
        deliveries=tuple(content for content in plan.deliveries if content[-1] <= known_on),
        business_days=tuple(sorted({day, *asked})),
    )


def as_written(plan: Plan, directory: Path) -> Plan:
    """The deliveries and days that were handed to dbt last, whatever has been booked since."""
    contents = pq.read_table(directory / "deliveries.parquet", columns=[field.name for field in FIELDS])
    days = pq.read_table(directory / "business_days.parquet", columns=["as_of_date"])
    return replace(
        plan,
        deliveries=tuple(tuple(row.values()) for row in contents.to_pylist()),
        business_days=tuple(day for day in days.column(0).to_pylist() if day is not None),
    )


@contextmanager
def workspace(directory: Path, say: Callable[[str], object]) -> Iterator[Path]:
    """An empty folder, gone at the end. One holder at a time, since a build takes much memory; what a killed one left
    is removed."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another replay or rebuild is at work here; waiting until it is finished.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        _empty(directory)
        try:
            yield Path(mkdtemp(dir=directory))
        finally:
            _empty(directory)


def build_beside(settings: Settings, directory: Path, plan: Plan, tell: Tell, selected: Sequence[str] = ()) -> Build:
    """Builds every table of the plan from nothing, or those that are `selected` in dbt's words, without tests; reads
    the lake and nothing else of ours."""
    own = settings.model_copy(update={"home": directory})
    write_plan(plan, own.plan, logic_of_models(DBT_PROJECT, target(settings)))
    project = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT), "--log-format", "json"]
    selection = ["--select", *selected] if selected else []
    command = [str(EXECUTABLE), *build_arguments(plan, with_tests=False), *selection, *project]
    variables = os.environ | environment(own) | {"SIYU_LAKE": str(settings.lake)}
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as dbt:
        for line in dbt.stdout or ():
            _tell(line, tell)
    if dbt.returncode:
        raise RuntimeError(f"The tables could not be built again: {_problem(target(own))}")
    return Build(own.databases, _artifact(target(own), "manifest.json"))


def key_columns(manifest: Mapping[str, Any]) -> dict[str, list[str]]:
    """The columns that tell the rows of a table apart, by `schema.table`: what the test of its key says."""
    keys: dict[str, list[str]] = {}
    for test in manifest["nodes"].values():
        kind, model = test.get("test_metadata") or {}, manifest["nodes"].get(test.get("attached_node"))
        if model and kind.get("name") == "unique_combination":
            keys.setdefault(f"{model['schema']}.{model['name']}", kind["kwargs"]["columns"])
    return keys


def _tell(line: str, tell: Tell) -> None:
    """Passes on what dbt says of a finished table; everything else stays in its log."""
    try:
        event = json.loads(line)
    except ValueError:
        return
    if event["info"]["name"] in BUILT:
        tell(event["data"]["node_info"]["node_name"], event["data"]["total"])


def _problem(traces: Path) -> str:
    """Which models broke and how, without the text of an error that may quote a row."""
    if not (traces / "run_results.json").exists():
        return f"dbt cannot read {DBT_PROJECT}; `siyu run` of any day says why"
    return "; ".join(broken_models(_artifact(traces, "run_results.json"))) or "dbt stopped"


def _artifact(traces: Path, name: str) -> Any:
    return json.loads((traces / name).read_text())


def _empty(directory: Path) -> None:
    for left in directory.iterdir():
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
