"""Kill a run anywhere: readers see the last finished version, and the next run ends where an undisturbed one ends."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.end_to_end.conftest import EVERYTHING

pytestmark = pytest.mark.long

# What was last told when the run is killed, and how long after.
MOMENTS = [("Running", 2.0), ("Reading the inbox", 1.0), ("Checking what came", 4.0), ("Building the tables", 1.0)]


def _kill(installation, last_told, seconds):
    run = installation.start(*EVERYTHING)
    told = []
    for line in run.stdout:
        told.append(line)
        if line.strip().startswith(last_told):
            break
    time.sleep(seconds)
    if run.poll() is not None:
        pytest.fail(f"the run had ended before it was killed after {last_told!r}:\n{''.join(told)}{run.stdout.read()}")
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    run.stdout.close()


def test_killed_runs_leave_nothing_half_done(delivered):
    undisturbed = delivered()
    undisturbed.siyu(*EVERYTHING)
    killed = delivered()
    for moment in MOMENTS:
        _kill(killed, *moment)
        assert not killed.catalogue.exists() or killed.hashes() == undisturbed.hashes()
    killed.siyu(*EVERYTHING)
    assert killed.hashes() == undisturbed.hashes()
    assert not list(killed.home.glob("published/**/*.unfinished"))


READER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1], read_only=True)
while sys.stdin.readline():
    print(connection.execute("select count(*), sum(paid_amount) from marts.order_lines").fetchone(), flush=True)
"""


def test_a_bi_reader_neither_blocks_nor_is_blocked(delivered):
    installation = delivered()
    first, second = installation.home / "inbox", installation.home / "later"
    moved = sorted((first / "douyin" / "orders").iterdir())[-30:]
    second.mkdir()
    for folder in moved:
        folder.rename(second / folder.name)
    installation.siyu(*EVERYTHING)
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, installation.catalogue], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def read():
        reader.stdin.write("\n")
        reader.stdin.flush()
        return reader.stdout.readline()

    before = read()
    for folder in moved:
        (second / folder.name).rename(first / "douyin" / "orders" / folder.name)
    run = installation.start(*EVERYTHING)
    while run.poll() is None:
        assert read() == before
        time.sleep(0.5)
    assert run.returncode == 0, run.stdout.read()
    assert read() == before
    [(count, _)] = installation.rows("select count(*), sum(paid_amount) from marts.order_lines")
    assert f"({count}," not in before
    reader.communicate()
    run.stdout.close()
