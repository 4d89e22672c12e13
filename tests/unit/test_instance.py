"""Dagster's memory comes to be whole: a kill while it is made, or a second process, leaves one that works."""

import subprocess
import sys
from pathlib import Path

# Makes an instance in each folder, in a process that is killed before its n-th statement; then opens it again. The
# processes are forked from one that has imported everything; what is printed per folder is how both of them ended.
KILLED = """
import os, signal, sys
from itertools import count
from pathlib import Path
import sqlalchemy
from orchestration.instance import open_instance
from orchestration.settings import Settings

def ended(home, fatal):
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    statements = count(1)
    def die(*_):
        if next(statements) == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
    sqlalchemy.event.listen(sqlalchemy.engine.Engine, "before_cursor_execute", die)
    with open_instance(Settings(home=home)) as instance:
        instance.get_runs(), instance.all_asset_keys(), instance.all_instigator_state()
        instance.event_log_storage.get_pool_limits()
    os._exit(0)

for fatal in range(1, 200, 9):
    home = Path(sys.argv[1], str(fatal))
    print(ended(home, fatal), ended(home, 0))
"""

OPENED = """
import sys
from pathlib import Path
from orchestration.instance import open_instance
from orchestration.settings import Settings

sys.stdin.readline()
with open_instance(Settings(home=Path(sys.argv[1]))) as instance:
    print(len(instance.get_runs()), len(instance.all_asset_keys()))
"""


def test_a_kill_while_it_is_made_leaves_one_that_works(tmp_path: Path):
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path], capture_output=True, text=True, check=True)
    ends = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
    assert {again for _, again in ends} == {0}, done.stderr
    assert ends.count((-9, 0)) > len(ends) / 2


def test_processes_that_make_it_at_once_find_one_that_works(tmp_path: Path):
    command = [sys.executable, "-c", OPENED, tmp_path]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _ in range(3)]
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        told, complaint = process.communicate()
        assert told == "0 0\n", complaint
