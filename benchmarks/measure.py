"""How every benchmark measures: each repetition a process of its own, medians, peak memory, one table of ratios.

Belongs here: running a command or a function of this package and timing it, the table, the line that names the machine.
Does not: what is measured, and where its data comes from.

The works of one benchmark take turns, so that a slow minute of the machine hits all of them. CPU seconds are those of a
work and of all that it started: what it cost, also where others use the machine. Peak memory is that of the largest
process of a work (`ru_maxrss`). Nothing is evicted from the page cache.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Literal

import duckdb

from orchestration.settings import PROJECT_ROOT
from orchestration.tables import render

COLUMNS = ("what", "against", "of", "ratio", "target", "met")
SIDES = ("seconds (range)", "CPU seconds", "MiB")  # of the one, then of the other
LAUNCHER = Path(__file__).with_name("launch.py")
SHOWN = 4000  # characters of a failed command's output


@dataclass(frozen=True)
class Work:
    """Something that takes time. `prepare` runs before every repetition and is not timed."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], object] = lambda: None


@dataclass(frozen=True)
class Run:
    """One repetition of a work."""

    seconds: float
    cpu: float  # seconds
    peak: float  # MiB


@dataclass(frozen=True)
class Target:
    """What the ratio of two works should be; `limit` is None where the figure is for information."""

    work: str
    against: str
    limit: float | None = None
    at: Literal["most", "least"] = "most"
    of: Literal["time", "memory"] = "time"

    def met(self, ratio: float) -> str:
        if self.limit is None:
            return ""
        return "yes" if (ratio <= self.limit if self.at == "most" else ratio >= self.limit) else "no"


Runs = Mapping[str, Sequence[Run]]


def call(function: Callable[..., object], *arguments: str | float | bool) -> list[str]:
    """The command that calls a function of a module in a process of its own."""
    module = function.__module__
    if module == "__main__":
        module = sys.modules["__main__"].__spec__.name  # type: ignore[union-attr]
    name = function.__qualname__
    return [sys.executable, "-c", f"from {module} import {name}\n{name}(*{arguments!r})"]


def run(work: Work) -> Run:
    """Runs a work once; a failure ends the benchmark with the last lines of its output."""
    work.prepare()
    with tempfile.TemporaryDirectory() as folder:
        result, output = Path(folder) / "result", Path(folder) / "output"
        with output.open("wb") as said:
            launch = [sys.executable, "-I", "-S", str(LAUNCHER), str(result), *work.command]
            environment = os.environ | work.environment
            subprocess.run(launch, env=environment, cwd=PROJECT_ROOT, stdout=said, stderr=said, check=True)
        code, seconds, cpu, peak = result.read_text().split()
        if code != "0":
            said_last = output.read_text(encoding="utf-8", errors="replace")[-SHOWN:]
            raise SystemExit(f"{work.name} failed ({code}): {' '.join(work.command)}\n{said_last}")
    return Run(float(seconds), float(cpu), float(peak) / 2**10)


def measure(works: Sequence[Work], repetitions: int) -> dict[str, list[Run]]:
    """Every repetition of every work, by name, told on stderr as they come."""
    runs: dict[str, list[Run]] = {work.name: [] for work in works}
    for repetition in range(1, repetitions + 1):
        for work in works:
            done = run(work)
            runs[work.name].append(done)
            cost = f"{done.seconds:.2f} s, {done.cpu:.2f} s of CPU, {done.peak:,.0f} MiB"
            tell(f"{work.name} {repetition}/{repetitions}: {cost}")
    return runs


def report(title: str, runs: Runs, targets: Sequence[Target]) -> str:
    """The table, under its title and the machine; each row is one ratio of medians."""
    rows = [_row(runs, target) for target in targets]
    return "\n".join([title, machine(), "", render((*COLUMNS, *SIDES, *SIDES), rows, "table")])


def ratio(runs: Runs, target: Target) -> float:
    measured = _seconds if target.of == "time" else _peak
    return measured(runs[target.work]) / measured(runs[target.against])


def _row(runs: Runs, target: Target) -> tuple[str, ...]:
    found = ratio(runs, target)
    limit = "" if target.limit is None else f"{'≤' if target.at == 'most' else '≥'} {target.limit:g}"
    sides = (told for side in (runs[target.work], runs[target.against]) for told in _side(side))
    return (target.work, target.against, target.of, f"{found:.2f}", limit, target.met(found), *sides)


def _side(runs: Sequence[Run]) -> tuple[str, ...]:
    return (_range(runs), f"{median(done.cpu for done in runs):.1f}", f"{_peak(runs):,.0f}")


def _range(runs: Sequence[Run]) -> str:
    seconds = [done.seconds for done in runs]
    return f"{median(seconds):.2f} ({min(seconds):.2f}–{max(seconds):.2f})"


def _seconds(runs: Sequence[Run]) -> float:
    return median(done.seconds for done in runs)


def _peak(runs: Sequence[Run]) -> float:
    return median(done.peak for done in runs)


def machine() -> str:
    """Processor, cores, memory and versions, for the head of a table."""
    cpu = next((line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    name = cpu.partition(":")[2].strip() or platform.processor() or platform.machine()
    versions = f"Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    return f"{name}, {len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB; {platform.system()}; {versions}"


def tell(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def parser(description: str | None) -> argparse.ArgumentParser:
    """The options that every benchmark has."""
    options = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--repetitions", type=int, default=3, help="how often each work runs (default: 3)")
    options.add_argument("--directory", type=Path, help="where the data is made and deleted (default: a temporary one)")
    options.add_argument("--keep", type=Path, metavar="DIR", help="a directory whose data is kept, and used if there")
    return options


@contextmanager
def workplace(options: argparse.Namespace) -> Iterator[Path]:
    """Where a benchmark puts its data: a directory that goes, or the one to keep."""
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        yield options.keep.resolve()
        return
    if options.directory:
        options.directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="siyu-benchmark-", dir=options.directory) as folder:
        yield Path(folder)
