"""The one writer of the warehouse, between processes.

Belongs here: a kernel lock on a file, which the kernel gives back however its holder ends.
Does not: what is written under it. Dagster's pool orders the steps of one instance; this lock also keeps two
terminals, or a terminal and the UI, apart.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

Say = Callable[[str], object]
PATIENCE = 900  # seconds for a file that somebody has open without the lock

_kept: dict[Path, int] = {}  # the locks that this process keeps, by directory


@contextmanager
def sole_writer(directory: Path, holder: str, say: Say, patience_seconds: float = PATIENCE) -> Iterator[None]:
    """Waits for its turn to write the databases of the directory, saying once whom it waits for."""
    lock = _opened(directory)
    try:
        _wait(lock, directory, holder, say, patience_seconds)
        yield
    finally:
        os.close(lock)


def keep_writing(directory: Path, holder: str, say: Say) -> None:
    """The same until this process ends: what a run has built is checked and published before another run builds."""
    if directory not in _kept:
        _kept[directory] = _opened(directory)
        _wait(_kept[directory], directory, holder, say, PATIENCE)


def _opened(directory: Path) -> int:
    directory.mkdir(parents=True, exist_ok=True)
    return os.open(directory / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _wait(lock: int, directory: Path, holder: str, say: Say, patience_seconds: float) -> None:
    _take(lock, say)
    os.ftruncate(lock, 0)
    os.pwrite(lock, holder.encode(), 0)
    for file in sorted(directory.glob("*.duckdb")):
        _wait_until_closed(file, say, patience_seconds)


def _take(lock: int, say: Say) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say(f"The warehouse is being written by {os.pread(lock, 500, 0).decode()}; waiting until it is finished.")
        fcntl.flock(lock, fcntl.LOCK_EX)


def _wait_until_closed(file: Path, say: Say, patience_seconds: float) -> None:
    """Waits for whoever has the file open without the lock: the dbt of a killed run, or a reader of the wrong file."""
    deadline, has_said = time.monotonic() + patience_seconds, False
    while file.exists():
        try:
            duckdb.connect(str(file)).close()
            return
        except duckdb.IOException as error:
            if "lock" not in str(error):
                raise
            if time.monotonic() > deadline:
                raise TimeoutError(f"{file} stays open in another program; close it: {error}") from error
            if not has_said:
                say("The warehouse is open in another program; waiting. Readers should open published/siyu.duckdb.")
            has_said = True
            time.sleep(0.5)
