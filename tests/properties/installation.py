"""An installation without Dagster: the real landing, plan and models in this process, run step by step.

Belongs here: bringing a step into the inbox, one build, reading every finished table.
Does not: knowing what a history means, and comparing (`equality.py`).
dbt is started with a manifest that is parsed once; the paths in it are those of `home`, so an installation is emptied
and used again, never moved.
"""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult

from orchestration.audit import Audit
from orchestration.extract.contracts import load_contracts
from orchestration.extract.lake import prepare
from orchestration.extract.landing import land
from orchestration.privacy.keys import Keys
from orchestration.privacy.vault import Vault
from orchestration.settings import DBT_PROJECT, Settings
from orchestration.transform.arguments import build_arguments, environment, fingerprint, target
from orchestration.transform.plan import derive_plan, mark_applied, write_plan
from tests.properties.histories import Step, as_csv

Tables = dict[str, list[str]]  # schema.table → its rows as text, sorted
PROJECT = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
QUIET = ["--quiet", "--no-write-json", "--log-level", "none", "--log-level-file", "none"]
KEYS = Keys((b"k" * 32,))  # the same in every installation, so that their tokens are equal
FINISHED = """
select table_schema || '.' || table_name, '"' || table_catalog || '"."' || table_schema || '"."' || table_name || '"'
from information_schema.tables where table_schema in ('marts', 'outputs') order by 1
"""


class SteppedInstallation:
    """One `SIYU_HOME`, run in this process."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(home=home)
        self.variables: tuple[str, ...] = ()  # `--vars` of dbt
        self.contracts = load_contracts(self.settings.contract_directories)
        self.audit = Audit(self.settings.audit_file)
        self.project = fingerprint(DBT_PROJECT)
        with self._environment():
            self.manifest = _succeeded(dbtRunner().invoke([*QUIET, "parse", *PROJECT])).result
        for model in (node for node in self.manifest.nodes.values() if node.resource_type == "model"):
            model.config.persist_docs = {}
            model.config.contract.enforced = False  # both are shown elsewhere, and are a third of the time of a build

    def tables_after(self, steps: Sequence[Step]) -> Tables:
        """Every mart and output after the steps, begun from nothing."""
        *_, last = self.tables_along(steps)
        return last

    def tables_along(self, steps: Iterable[Step]) -> Iterator[Tables]:
        """Every mart and output after each of the steps."""
        self._empty()
        for step in steps:
            self._deliver(step)
            self._build(step)
            yield _tables()

    def unit_tests(self) -> dict[str, str]:
        """The unit tests of the models by name, each with what is wrong, or nothing."""
        return self._tests("unit_test", "test_type:unit")

    def data_tests(self) -> dict[str, str]:
        """The data tests of what was built last by name, each with what is wrong, or nothing; warnings are nothing."""
        return self._tests("test", "test_type:data")

    def plans(self) -> dict[str, str]:
        """How DuckDB would run what the last build compiled, by model."""
        compiled = target(self.settings).rglob("compiled/*/models/**/*.sql")
        models = [file for file in compiled if ".yml" not in str(file)]  # tests lie under the file that tells them
        with _closing():
            cursor = DuckDBConnectionManager.env().handle().cursor()
            return {file.stem: cursor.execute(f"explain {file.read_text()}").fetchall()[0][1] for file in models}

    def _tests(self, kind: str, selection: str) -> dict[str, str]:
        with self._environment(), _closing():
            done = dbtRunner(manifest=self.manifest).invoke([*QUIET, "test", "--select", selection, *PROJECT])
        if done.exception:
            raise done.exception
        tests = [one for one in done.result.results if one.node.resource_type == kind]
        passed = ("pass", "warn") if kind == "test" else ("pass",)
        return {test.node.name: "" if test.status in passed else str(test.message) for test in tests}

    def _forget_what_was_compiled(self) -> None:
        """dbt writes models that are not kept into another's SQL once a manifest, and compiles that at every build."""
        for node in self.manifest.nodes.values():
            if getattr(node, "extra_ctes", None):
                node.extra_ctes, node.extra_ctes_injected = [], False

    def _empty(self) -> None:
        for folder in self.settings.home.glob("*"):
            if folder != target(self.settings):
                shutil.rmtree(folder)
        self.settings.warehouse.mkdir(parents=True)
        prepare(self.contracts, self.settings.lake)

    def _deliver(self, step: Step) -> None:
        for file, rows in step.changes.items():
            path = self.settings.inbox / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            if rows is None:
                path.unlink()
            else:
                path.write_text(as_csv(rows))
        for dataset, files in groupby(sorted(step.changes), lambda file: file.dataset):
            platform, _, name = dataset.partition("/")
            days = sorted({file.day for file in files})
            vault = Vault(self.settings.vault_file, KEYS)
            land(self.contracts, platform, name, days, self.settings.inbox, self.settings.lake, self.audit, vault)
        self.audit.request_days(step.days)

    def _build(self, step: Step) -> None:
        """One build without data tests, whose findings are not the subject here."""
        plan = derive_plan(self.audit, self.settings.plan, self.project, step.days)
        write_plan(plan, self.settings.plan)
        selection = ["--select", step.broken_off] if step.broken_off else []
        arguments = [*QUIET, *build_arguments(plan, with_tests=False), *selection, *self.variables, *PROJECT]
        self._forget_what_was_compiled()
        with self._environment(), _closing():
            _succeeded(dbtRunner(manifest=self.manifest).invoke(arguments))
        if not step.broken_off:
            mark_applied(plan, self.settings.plan)

    @contextmanager
    def _environment(self) -> Iterator[None]:
        """The variables that dbt reads."""
        before = dict(os.environ)
        os.environ.update(environment(self.settings))
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def _succeeded(result: dbtRunnerResult) -> dbtRunnerResult:
    if not result.success:
        nodes = getattr(result.result, "results", [])
        told = [f"{node.node.name}: {node.message}" for node in nodes if node.status in ("error", "fail")]
        raise RuntimeError("dbt failed: " + "\n".join(told or [str(result.exception)]))
    return result


@contextmanager
def _closing() -> Iterator[None]:
    """dbt in this process leaves its databases open; a build of the next day finds them closed."""
    try:
        yield
    finally:
        DuckDBConnectionManager.env().close()


def _tables() -> Tables:
    """Read over the connection of the last build, so that every database it attached is there under its name."""
    with _closing():
        cursor = DuckDBConnectionManager.env().handle().cursor()
        places = cursor.execute(FINISHED).fetchall()
        return {name: _rows(cursor.execute(f"select rows::varchar from {place} as rows")) for name, place in places}


def _rows(found: duckdb.DuckDBPyConnection) -> list[str]:
    return sorted(row for (row,) in found.fetchall())
