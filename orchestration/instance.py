"""Dagster's own memory of an installation: where it lives, and how it writes a year of partitions in seconds.

Belongs here: the instance under `$SIYU_HOME/dagster`, its event log, and runs whose process died.
Does not: anything about the data; without this memory the audit book and the published files still say all.
"""

import fcntl
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import sqlalchemy
from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage, SqlEventLogStorageTable
from dagster._core.storage.event_log.sqlite.consolidated_sqlite_event_log import SQLITE_EVENT_LOG_FILENAME
from dagster._core.storage.sqlite import create_db_conn_string

from orchestration.settings import PROJECT_ROOT, Settings

FAST_EVENTS = {
    "DAGSTER_EVENT_BATCH_SIZE": "1000",
    # What a run intends is one event per asset, not one per day of it. The price: after a failed run its days are
    # shown as missing, not as failed.
    "DAGSTER_EMIT_PARTITION_SUBSET_IN_PLANNED_EVENTS": "true",
}
MATERIALIZED = dg.DagsterEventType.ASSET_MATERIALIZATION
PROCESS_TAG = "siyu/process"
BUSY_SECONDS = 30  # what a second process waits for the first one's write


class BatchedEventLog(ConsolidatedSqliteEventLogStorage):
    """SQLite event log that stores a batch in one transaction, materialisations of an asset in one statement.

    `store_event_batch` is the hook that Dagster offers storages for this; its own SQLite ones leave it unused, and make
    an engine for every statement. Here one engine keeps its connections and its compiled statements.
    """

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        _create_event_log(Path(base_dir))
        self._batch = threading.local()
        self._engine = sqlalchemy.create_engine(
            create_db_conn_string(base_dir, SQLITE_EVENT_LOG_FILENAME), connect_args={"timeout": BUSY_SECONDS}
        )
        # The log is in write-ahead mode: a power cut may cost its last events, never its order or its readability.
        sqlalchemy.event.listen(self._engine, "connect", lambda made, _: made.execute("pragma synchronous = normal"))
        super().__init__(base_dir, inst_data)

    @contextmanager
    def _connect(self) -> Iterator[Any]:
        with self._engine.begin() as connection:
            yield connection

    def store_event_batch(self, events: Sequence[dg.EventLogEntry]) -> None:
        with super().index_connection() as connection:
            self._batch.connection = connection
            try:
                if all(event.dagster_event_type == MATERIALIZED for event in events):
                    self._store_materializations(connection, events)
                else:
                    for event in events:
                        self.store_event(event)
            finally:
                self._batch.connection = None

    def _store_materializations(self, connection: Any, events: Sequence[dg.EventLogEntry]) -> None:
        """Every event, its tags, and of each asset only the last one as its latest."""
        returned = connection.execute(self.prepare_insert_event_batch(events).returning(SqlEventLogStorageTable.c.id))
        numbers = sorted(number for (number,) in returned)
        self.store_asset_event_tags(events, numbers)
        latest = {
            event.get_dagster_event().asset_key: (event, number) for event, number in zip(events, numbers, strict=True)
        }
        for event, number in latest.values():
            self.store_asset_event(event, number)

    def store_asset_check_event(self, event: dg.EventLogEntry, event_id: int | None) -> None:
        """Dagster plans a check once per day of a range, but it answers once for the run: only answers are kept."""
        if event.dagster_event_type != dg.DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED:
            super().store_asset_check_event(event, event_id)

    @contextmanager
    def index_connection(self) -> Iterator[Any]:
        if shared := getattr(self._batch, "connection", None):
            yield shared
        else:
            with super().index_connection() as connection:
                yield connection

    def run_connection(self, run_id: str | None) -> Any:
        return self.index_connection()


def _create_event_log(folder: Path) -> None:
    """The file appears whole: Dagster makes its tables one by one in place, and takes any file for a whole one, so that
    a kill would leave a half of it there for good."""
    file = folder / f"{SQLITE_EVENT_LOG_FILENAME}.db"
    if not file.exists():
        with tempfile.TemporaryDirectory(prefix=".event_log.", dir=folder) as draft:
            ConsolidatedSqliteEventLogStorage(draft)
            (Path(draft) / file.name).rename(file)


def prepare_home(settings: Settings) -> Path:
    """Writes `dagster.yaml` into the installation and makes this process and its children use it.

    The first process also makes the databases, while others wait: Dagster would let them make the same tables at once.
    """
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    os.environ |= {"DAGSTER_HOME": str(home), **FAST_EVENTS}
    with (home / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        draft = home / ".dagster.yaml"
        shutil.copyfile(PROJECT_ROOT / "dagster.yaml", draft)
        draft.rename(home / "dagster.yaml")
        if not (home / f"{SQLITE_EVENT_LOG_FILENAME}.db").exists():
            dg.DagsterInstance.from_config(str(home)).dispose()
    return home


def open_instance(settings: Settings) -> dg.DagsterInstance:
    return dg.DagsterInstance.from_config(str(prepare_home(settings)))


def process_identity(pid: int) -> str | None:
    """The process by its number and start time, since numbers are used again; None where it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else f"{pid}@{fields[19]}"


def bury_dead_runs(instance: dg.DagsterInstance) -> list[str]:
    """Marks runs as failed whose process is gone and gives back their places in pools, so that they block nobody."""
    unfinished = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.NOT_STARTED]
    dead = []
    for run in instance.get_runs(dg.RunsFilter(statuses=unfinished)):
        process = run.tags.get(PROCESS_TAG)
        if process and process_identity(int(process.partition("@")[0])) != process:
            instance.report_run_failed(run, "The process of this run is gone: it was killed or the machine stopped.")
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
            dead.append(run.run_id)
    return dead
