"""A run of the daily job in this process, over the same definitions as the UI, without any service.

Belongs here: starting it, telling its progress, and saying in one line each why something was not published.
Does not: what the job does (`definitions.py`), and the terminal (`progress.py`).
"""

import os
import uuid
from collections.abc import Iterator, Mapping
from typing import Protocol

import dagster as dg

from orchestration.audit import Audit
from orchestration.checks import gate_of
from orchestration.definitions import build_definitions
from orchestration.extract.contracts import load_contracts
from orchestration.inbox import misplaced_files
from orchestration.instance import PROCESS_TAG, bury_dead_runs, open_instance, process_identity
from orchestration.partitions import REPLACING, Window
from orchestration.privacy.pepper import MADE, refuse_wrong_pepper
from orchestration.publish.recomputed import recomputations
from orchestration.settings import Settings
from orchestration.transform.plan import held_dates
from orchestration.transform.rebase import COMPARING

BUILT, WAITING = "built ", "The warehouse is"  # how the dbt step says that a table stands, or that it has to wait
LISTS_NAMED_ONE_BY_ONE = 10
FILES_NAMED = 3


class Listener(Protocol):
    """Who is told how the run goes."""

    def expect(self, steps: Mapping[str, int]) -> None: ...
    def begin(self, stage: str, detail: str) -> None: ...
    def advance(self, stage: str, detail: str) -> None: ...
    def say(self, message: str) -> None: ...


def run_days(settings: Settings, days: Window, listener: Listener) -> tuple[str, ...]:
    """Runs every asset for these days, as one run, which replaces what other logic built of them: whoever calls has
    shown what that changes. Returns why something was not published: empty if all was."""
    refuse_wrong_pepper(settings)
    had_pepper = settings.own_pepper.exists()
    with open_instance(settings) as instance:
        for run_id in bury_dead_runs(instance):
            listener.say(f"Run {run_id[:8]} had been killed; its work is taken up again.")
        definitions = build_definitions(settings, through=days.last)
        listener.expect(_expected_steps(definitions))
        run_id = str(uuid.uuid4())
        instance.add_event_listener(run_id, lambda entry: _tell(entry, listener))
        result = definitions.resolve_job_def("daily").execute_in_process(
            instance=instance,
            run_id=run_id,
            tags=days.tags | REPLACING | {PROCESS_TAG: process_identity(os.getpid()) or ""},
            raise_on_error=False,
        )
        failures = {
            event.step_key or "": event.step_failure_data for event in result.all_events if event.is_step_failure
        }
    if settings.own_pepper.exists() and not had_pepper:
        listener.say(MADE.format(file=settings.own_pepper))
    for line in _recomputed(settings, days):
        listener.say(line)
    if any("DagsterExecutionInterruptedError" in _chain(failure) for failure in failures.values()):
        raise KeyboardInterrupt
    return (*_misplaced(settings), *_reasons(Audit(settings.audit_file), run_id, days, failures))


def stage_of(step: str) -> str:
    """The stage of the flow that a step belongs to."""
    if step.startswith("gate__"):
        return "gate 1" if step.startswith("gate__raw__") else "gate 2"
    return {"raw": "extract", "published": "publish"}.get(step.partition("__")[0], "transform")


def _expected_steps(definitions: dg.Definitions) -> dict[str, int]:
    counts = dict.fromkeys(("extract", "gate 1", "transform", "gate 2", "publish"), 0)
    for definition in definitions.assets or []:
        if isinstance(definition, dg.AssetsDefinition):
            counts[stage_of(definition.op.name)] += len(list(definition.keys))
    for gate in definitions.asset_checks or []:
        counts[stage_of(gate.op.name)] += 1
    return counts


def _tell(entry: dg.EventLogEntry, listener: Listener) -> None:
    step = entry.step_key or ""
    if entry.user_message.startswith(BUILT) and not entry.is_dagster_event:
        listener.advance("transform", entry.user_message.removeprefix(BUILT))
    elif not entry.is_dagster_event and entry.user_message.startswith((WAITING, COMPARING)):
        listener.say(entry.user_message)
    elif entry.dagster_event_type == dg.DagsterEventType.STEP_START:
        listener.begin(stage_of(step), _readable(step))
    elif entry.dagster_event_type == dg.DagsterEventType.STEP_SUCCESS and step != "dbt":
        listener.advance(stage_of(step), _readable(step))


def _readable(step: str) -> str:
    return step.removeprefix("gate__").replace("__", "/")


def _recomputed(settings: Settings, days: Window) -> Iterator[str]:
    """Delivered lists of these days that would be others now: they stay as they are, so nothing is wrong."""
    lists = [str(one) for one in recomputations(settings.audiences, set(days.days))]
    yield from lists[:LISTS_NAMED_ONE_BY_ONE]
    if more := len(lists[LISTS_NAMED_ONE_BY_ONE:]):
        yield f"{more} more delivered lists would be others now: siyu status"


def _misplaced(settings: Settings) -> Iterator[str]:
    """Files that no run reads, of whatever day they are meant to be."""
    for path, remedy in misplaced_files(settings.inbox, set(load_contracts(settings.contract_directories))):
        yield f"misplaced: {path}: {remedy}"


def _reasons(audit: Audit, run_id: str, days: Window, failures: Mapping[str, object]) -> Iterator[str]:
    """Everything that was refused, blocked, held or failed, with what to do about it."""
    yield from _refused(audit, days)
    broken = audit.query(
        """select asset, min(as_of_date) as day, check_name, observed, expected, count(*) as days from check_results
        where run_id = ? and severity = 'error' and not passed group by asset, check_name order by asset, check_name""",
        [run_id],
    )
    for check in broken:
        yield _blocked(check, audit)
    yield from _held(audit, run_id)
    guarded = {gate_of(str(check["asset"]).split("/")) for check in broken}
    is_dbt_explained = any(str(check["asset"]).partition("/")[0] not in ("raw", "dbt") for check in broken)
    for step, failure in failures.items():
        if step not in guarded and not (step == "dbt" and is_dbt_explained):
            yield f"failed: {_readable(step)}: {_cause(failure)}"


def _refused(audit: Audit, days: Window) -> Iterator[str]:
    files = audit.query(
        """select file_path, reason from deliveries where status = 'refused' and delivery_date between ? and ?
        order by delivery_date, file_path""",
        [str(days.first), str(days.last)],
    )
    for file in files:
        yield f"refused: {file['file_path']}: {file['reason']}"


def _held(audit: Audit, run_id: str) -> Iterator[str]:
    """What an earlier run has stopped and this one went on without."""
    checked = "select distinct asset, as_of_date from check_results where run_id = ?"
    own = {(row["asset"], row["as_of_date"]) for row in audit.query(checked, [run_id])}
    for asset, day in held_dates(audit):
        if (asset, str(day)) not in own:
            yield (
                f"held: {asset} of {day} is left out until its gate passes: "
                "deliver the corrected export and run that day again"
            )


def _blocked(check: Mapping[str, object], audit: Audit) -> str:
    asset, more = str(check["asset"]), int(str(check["days"])) - 1
    day = f"{check['day']}{_files(audit, asset, str(check['day']))}"
    day += f" and {more} more day{'s' * (more > 1)}" if more else ""
    remedy = (
        "Deliver the corrected export for that day and run it again; a run of another day goes on without it."
        if asset.startswith("raw/")
        else "Nothing of it was published; the last good version stays. See the day's quality report."
    )
    found = f"found {check['observed']}; expected: {check['expected']}"
    return f"blocked: {asset} on {day}: {check['check_name']}: {found}. {remedy}"


def _files(audit: Audit, asset: str, day: str) -> str:
    """The names of the files that gate 1 judged as one, for whoever has to correct a line of them."""
    files = audit.query(
        """select distinct file_name from deliveries
        where 'raw/' || platform || '/' || dataset = ? and delivery_date = ? and status = 'loaded'
        order by file_name""",
        [asset, day],
    )
    names = [str(file["file_name"]) for file in files]
    more = f" and {len(names) - FILES_NAMED:,} more" if len(names) > FILES_NAMED else ""
    return f" ({', '.join(names[:FILES_NAMED])}{more})" if names else ""


def _cause(failure: object) -> str:
    """What a failed step said of itself, else its innermost error; one line."""
    told = getattr(failure, "user_failure_data", None)
    errors = _chain(failure)
    text = told.description if told and told.description else list(errors.values())[-1] if errors else "see the log"
    return str(text).strip().splitlines()[0]


def _chain(failure: object) -> dict[str, str]:
    """The errors behind a failed step, outermost first: class and message."""
    errors, error = {}, getattr(failure, "error", None)
    while error is not None:
        errors[str(error.cls_name)] = str(error.message)
        error = error.cause
    return errors
