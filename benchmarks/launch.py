"""Runs a command for `measure.py` and writes exit code, seconds, CPU seconds and memory: `launch.py RESULT COMMAND…`.

A small process of its own, and nothing imported that is not needed: Linux counts the size of the process that starts
another as a size the other once had.
"""

import os
import sys
import time


def main() -> None:
    result, *command = sys.argv[1:]
    start = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - start
    cpu = usage.ru_utime + usage.ru_stime
    with open(result, "w", encoding="ascii") as file:  # noqa: PTH123 - pathlib is an import
        file.write(f"{os.waitstatus_to_exitcode(status)} {seconds} {cpu} {usage.ru_maxrss}")


if __name__ == "__main__":
    main()
