"""What reads the catalogue from outside, in the environment that `make .venv-bi/.installed` makes: `make bi-test`."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from demo import exports
from demo.brand import simulate
from docs.dashboards import ROOT, running_superset
from tests.conftest import Installation

TOOLS = ROOT / ".venv-bi" / "bin"
LAST_DAY = date(2026, 10, 31)
DAYS = 28


@pytest.fixture(scope="session")
def brand(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Four weeks of a small brand, published."""
    if not (TOOLS / "superset").exists():
        pytest.fail("Superset is missing: run `make bi-test`, which installs it into .venv-bi")
    first = LAST_DAY - timedelta(days=DAYS - 1)
    installation = Installation(tmp_path_factory.mktemp("bi") / "home", {"SIYU_START_DATE": str(first)})
    exports.write(simulate(scale=0.05, days=DAYS, last_day=LAST_DAY), installation.home / "inbox")
    installation.siyu("run", "--from", str(first), "--to", str(LAST_DAY))
    return installation


@pytest.fixture(scope="session")
def superset(brand: Installation) -> Iterator[str]:
    """The address of a Superset that was started as docs/bi.md says."""
    with running_superset(brand.environment, brand.home / "superset.log") as address:
        yield address


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the dbt project, parsed for MetricFlow, which reads the manifest inside the project."""
    copy = tmp_path_factory.mktemp("metrics") / "dbt_project"
    shutil.copytree(ROOT / "dbt_project", copy, ignore=shutil.ignore_patterns("target", "logs"))
    if not (TOOLS / "mf").exists():
        pytest.fail("MetricFlow is missing: run `make bi-test`, which installs it into .venv-bi")
    subprocess.run(
        [TOOLS / "dbt", "parse", "--quiet"], cwd=copy, env=metric_environment(copy / "siyu.duckdb"), check=True
    )
    return copy


@dataclass(frozen=True)
class Metrics:
    """Metrics of a catalogue by what they are grouped by, asked for as people do."""

    project: Path
    catalogue: Path

    def ask(self, metrics: Sequence[str], by: Sequence[str], where: str | None = None) -> pd.DataFrame:
        file = self.project.with_name("answer.csv")
        named = ["--metrics", ",".join(metrics), "--group-by", ",".join(by), *(["--where", where] if where else [])]
        environment = metric_environment(self.catalogue)
        subprocess.run([TOOLS / "mf", "query", *named, "--csv", file], cwd=self.project, env=environment, check=True)
        return pd.read_csv(file, dtype=dict.fromkeys(by, str))


def metric_environment(catalogue: Path) -> dict[str, str]:
    """What MetricFlow needs to know: which catalogue, and that it is not to be written."""
    profiles = {"DBT_PROFILES_DIR": str(ROOT / "bi" / "metricflow"), "SIYU_CATALOGUE": str(catalogue)}
    return {**os.environ, **profiles, "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}"}
