"""An installation to measure: the product's own commands bound to a directory, and its state kept and brought back.

Belongs here: command lines, copies of a state. Does not: what is compared, and what a table is made of.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.history import ask_for
from benchmarks.measure import Work, run, tell
from benchmarks.synthetic import Size
from orchestration.settings import DBT_PROJECT, PROJECT_ROOT, Settings
from orchestration.transform.arguments import EXECUTABLE, environment

NEVER_REWRITTEN = ("lake", "inbox")  # their files are replaced whole, so that a link is a copy
NO_TESTS = ("--exclude-resource-type", "unit_test", "--exclude-resource-type", "test")


@dataclass(frozen=True)
class Installation:
    """`SIYU_HOME` and the commands on it."""

    home: Path

    @property
    def settings(self) -> Settings:
        return Settings(home=self.home)

    @property
    def lines(self) -> str:
        """The raw order lines as a glob."""
        return str(self.settings.lake / "generic" / "order_lines" / "*" / "*.parquet")

    def siyu(self, name: str, *arguments: str, prepare: Callable[[], object] = lambda: None) -> Work:
        command = [sys.executable, "-c", "from orchestration.cli import main; main()", *arguments]
        return Work(name, command, self._environment, prepare)

    def dbt(self, name: str, *arguments: str, prepare: Callable[[], object] = lambda: None) -> Work:
        """As the product runs it, except that a run may leave the tests out: `NO_TESTS`."""
        project = ("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT))
        return Work(name, [str(EXECUTABLE), *arguments, *project], self._environment, prepare)

    def rebuild(self, name: str, *arguments: str) -> Work:
        """Every table, or those of a `--select`, from nothing; seeds included, tests left out."""
        return self.dbt(name, "build", "--full-refresh", *NO_TESTS, *arguments, prepare=self.forget_tables)

    def ask_for(self, days: Iterable[date]) -> None:
        """Readies dbt for these business days: writes the plan and parses the project, as the product does."""
        ask_for(self.settings, days)
        run(self.dbt("dbt parse", "parse", "--quiet"))

    def forget_tables(self) -> None:
        for file in self.settings.warehouse.glob("*.duckdb*"):
            file.unlink() if file.is_file() else shutil.rmtree(file)

    def keep(self, name: str) -> None:
        """Remembers the whole state under a name."""
        _copy(self.home, self.kept(name))

    def bring_back(self, name: str) -> None:
        """The state as it was kept, under the same path: dbt parses anew where a path changes."""
        _copy(self.kept(name), self.home)

    def is_kept(self, name: str) -> bool:
        return self.kept(name).is_dir()

    def kept(self, name: str) -> Path:
        """Where the state of that name lies."""
        return self.home.with_name(f"{self.home.name}-{name}")

    @property
    def _environment(self) -> dict[str, str]:
        return {"SIYU_HOME": str(self.home)} | environment(self.settings)


def with_history(place: Path, size: Size, user: str) -> Installation:
    """An installation of its user's own that holds such a history and the files of the next day.

    The history is made once in a place, in a process of its own; as long as it is kept, so is what its user made of it.
    """
    history = place / f"history-{size.lines}-{size.customers}-{size.days}"
    options = {"lines": size.lines, "customers": size.customers, "shops": size.shops, "days": size.days}
    arguments = [text for name, value in options.items() for text in (f"--{name}", str(value))]
    tell(f"history of {size.lines:,} order lines in {size.days} days: {history}")
    subprocess.run([sys.executable, "-m", "benchmarks.history", str(history), *arguments], cwd=PROJECT_ROOT, check=True)
    installation = Installation(history.with_name(f"{history.name}-{user}"))
    if not installation.home.exists():
        _copy(history, installation.home)
        shutil.rmtree(installation.settings.warehouse)  # the plan: its user asks for days of its own
    return installation


def _copy(source: Path, target: Path) -> None:
    """By links where files are never rewritten, by reflinks where the file system has them, else whole."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for entry in source.iterdir():
        how = "--link" if entry.name in NEVER_REWRITTEN else "--reflink=auto"
        subprocess.run(["cp", "-a", how, str(entry), str(target)], check=True)
    os.sync()  # so that writing the copy does not slow what is measured next
