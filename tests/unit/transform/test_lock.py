"""One writer of the warehouse, between processes."""

import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from orchestration.transform.lock import sole_writer

HOLD = """
import sys, time
from pathlib import Path
from orchestration.transform.lock import sole_writer
with sole_writer(Path(sys.argv[1]), "run of the test", print):
    print("held", flush=True)
    time.sleep(60)
"""

READ = """
import duckdb, sys, time
connection = duckdb.connect(sys.argv[1], read_only=True)
print("held", flush=True)
time.sleep(60)
"""


def hold(directory: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(directory)], stdout=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline() == "held\n"
    return process


def test_a_second_writer_waits_and_says_for_whom_and_a_killed_one_blocks_nobody(tmp_path: Path) -> None:
    holder = hold(tmp_path)
    said: list[str] = []

    def say(message: str) -> None:
        said.append(message)
        holder.kill()

    with sole_writer(tmp_path, "me", say):
        pass
    holder.wait()
    assert len(said) == 1
    assert "run of the test" in said[0]


def test_a_file_open_in_another_program_is_waited_for_and_then_named(tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    duckdb.connect(str(warehouse)).close()
    process = subprocess.Popen([sys.executable, "-c", READ, str(warehouse)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout and process.stdout.readline() == "held\n"
        said: list[str] = []
        started = time.monotonic()
        with pytest.raises(TimeoutError, match="stays open"), sole_writer(tmp_path, "me", said.append, 1):
            pass
        assert time.monotonic() - started < 30
        assert len(said) == 1
    finally:
        process.kill()
        process.wait()
