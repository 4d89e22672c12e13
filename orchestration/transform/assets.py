"""The dbt project as Dagster assets: one step, hence one gate, from raw to outputs.

Belongs here: preparing the manifest, running one build under the plan, what Dagster shows of each table.
Does not: the meaning of any table, and the text of a command (`arguments.py`).

A build brings every table to the state of all deliveries and all days that were ever asked for; the days of its run
are among them. Days that other logic built it replaces only where its run is tagged so.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslatorSettings, DbtCliResource, DbtProject, dbt_assets
from dagster_dbt.errors import DagsterDbtCliRuntimeError
from packaging.version import Version

from orchestration.audit import Audit
from orchestration.partitions import ONE_RUN, REPLACING, Window, may_replace
from orchestration.settings import Settings
from orchestration.transform.arguments import EXECUTABLE, build_arguments, environment, fingerprint, target
from orchestration.transform.lineage import column_lineage
from orchestration.transform.lock import keep_writing
from orchestration.transform.logic import logic_of_models
from orchestration.transform.plan import Plan, derive_plan, mark_applied, write_plan
from orchestration.transform.rebase import rebased_days, tables_of_other_logic
from orchestration.transform.results import broken_models, read_tables, source_columns, test_results
from orchestration.transform.translator import HouseTranslator, is_asset, table_metadata

POOL = "warehouse"
TRACES_KEPT = 10
KEPT = (
    "{days} stays as other logic built it in {tables}. `siyu run --from {days.first} --to {days.last} --dry-run` says "
    "what today's logic would change; to replace it, launch these days again with the tag {tag}."
)


class OtherProcess(DbtCliResource):
    """dbt in a process of its own, and in none beside it: the version is known, and nothing here asks an adapter."""

    @cached_property
    def _cli_version(self) -> Version:
        return Version(version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> Any:
        return None


def prepared_project(settings: Settings, project: Path) -> DbtProject:
    """The project with a manifest that is true to its files; parses (about 5 s) only where they changed."""
    traces = target(settings)
    stamp, now = traces / "parsed", f"{fingerprint(project)} {project}"
    if not (traces / "manifest.json").exists() or not stamp.exists() or stamp.read_text() != now:
        command = [str(EXECUTABLE), "parse", "--quiet", "--project-dir", str(project), "--profiles-dir", str(project)]
        parsed = subprocess.run(
            command, env=os.environ | environment(settings), capture_output=True, text=True, check=False
        )
        if parsed.returncode:
            raise RuntimeError(f"dbt cannot read {project}:\n{parsed.stdout}{parsed.stderr}")
        stamp.write_text(now)
    return DbtProject(project_dir=project, profiles_dir=project, target_path=traces)


def dbt_models(project: DbtProject, calendar: dg.DailyPartitionsDefinition) -> dg.AssetsDefinition:
    """Every seed, model and data test of the dbt project."""
    translator = HouseTranslator(DagsterDbtTranslatorSettings(enable_source_metadata=False))

    @dbt_assets(
        manifest=project.manifest_path,
        project=project,
        name="dbt",
        dagster_dbt_translator=translator,
        partitions_def=calendar,
        pool=POOL,
        backfill_policy=ONE_RUN,
    )
    def dbt(context: dg.AssetExecutionContext, installation: dg.ResourceParam[Settings]) -> Iterator[Any]:
        audit = Audit(installation.audit_file)
        days = [date.fromisoformat(day) for day in context.partition_keys]
        audit.request_days(days)
        holder = f"run {context.run_id} (process {os.getpid()})"
        keep_writing(installation.warehouse, holder, context.log.info)
        models = Path(project.project_dir)
        logic = logic_of_models(models, target(installation))
        replaced = days if may_replace(context.run.tags) else []
        _tell_kept(context, tables_of_other_logic(installation.databases, logic, [] if replaced else days))
        plan = derive_plan(audit, installation.plan, fingerprint(models), replaced)
        write_plan(plan, installation.plan, logic, rebased_days(installation, plan, logic, context.log.info))
        with _environment(environment(installation)):
            yield from _build(context, installation, project, plan)
        if not context.is_subset:
            mark_applied(plan, installation.plan)

    return dbt


def _tell_kept(context: dg.AssetExecutionContext, tables: Sequence[str]) -> None:
    """What a run that was launched without saying so does not replace, and how it is shown and replaced."""
    if tables:
        days = Window(date.fromisoformat(context.partition_keys[0]), date.fromisoformat(context.partition_keys[-1]))
        tag = " ".join(f"{name}: {value}" for name, value in REPLACING.items())
        context.log.warning(KEPT.format(days=days, tables=", ".join(tables), tag=tag))


def _build(context: dg.AssetExecutionContext, settings: Settings, project: DbtProject, plan: Plan) -> Iterator[Any]:
    """Runs dbt, then tells what it built. A failure is raised only after everything that was built has been told."""
    dbt = OtherProcess(
        project_dir=str(project.project_dir), profiles_dir=str(project.profiles_dir), dbt_executable=str(EXECUTABLE)
    )
    invocation = dbt.cli(build_arguments(plan), context=context)
    told: list[Any] = []
    failure: DagsterDbtCliRuntimeError | None = None
    try:
        for event in invocation.stream():
            told.append(event)
            if isinstance(event, dg.Output):
                context.log.info(f"built {_unique_id(event).rpartition('.')[2]}")
    except DagsterDbtCliRuntimeError as error:
        failure = error
    if not (invocation.target_path / "run_results.json").exists():
        raise failure or RuntimeError("dbt stopped before it built anything")  # a project that does not compile
    manifest, results = invocation.get_artifact("manifest.json"), invocation.get_artifact("run_results.json")
    last_day = date.fromisoformat(context.partition_keys[-1])
    tested = test_results(results, manifest, settings.databases, context.run_id, last_day)
    Audit(settings.audit_file).record_checks(list(tested))
    _describe(context, told, settings, manifest)
    yield from told
    _prune(target(settings))
    if failure:
        problems = broken_models(results) or ["data tests failed, see audit.check_results"]
        raise dg.Failure("; ".join(problems), allow_retries=False) from failure


def _describe(
    context: dg.AssetExecutionContext, told: list[Any], settings: Settings, manifest: Mapping[str, Any]
) -> None:
    """Size, columns and column lineage of every table that was built, on the last day of the run."""
    built = {_unique_id(event) for event in told if isinstance(event, dg.Output)}
    tables = read_tables(settings.databases, manifest, built) if built else {}
    columns = {name: list(table.columns) for name, table in tables.items()} | source_columns(manifest, settings.lake)
    lineage = column_lineage(manifest, columns, target(settings) / "lineage.json")
    nodes = {**manifest["nodes"], **manifest["sources"]}
    keys = {name: HouseTranslator().get_asset_key(node) for name, node in nodes.items() if is_asset(node)}
    for name, table in tables.items():
        shown = table_metadata(nodes[name], table, lineage.get(name, {}), keys)
        context.add_asset_metadata(shown, asset_key=keys[name], partition_key=context.partition_keys[-1])


def _unique_id(event: dg.Output) -> str:
    return str(event.metadata["unique_id"].value)


def _prune(traces: Path) -> None:
    """Keeps the traces of the last few builds."""
    folders = sorted((path.parent for path in traces.glob("*/dbt.log")), key=lambda path: path.stat().st_mtime)
    for folder in folders[:-TRACES_KEPT]:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """The variables for this process while it prepares dbt and for the dbt it starts."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
