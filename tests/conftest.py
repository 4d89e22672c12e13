"""What several tests need: a throw-away installation that is run as a user runs it, by the `siyu` command."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from hypothesis import settings

settings.register_profile("thorough")  # python -m pytest tests/properties --hypothesis-profile=thorough
SIYU = Path(sys.executable).with_name("siyu")


@dataclass(frozen=True)
class Installation:
    """One `SIYU_HOME` with the settings it is run with."""

    home: Path
    settings: dict[str, str]

    @property
    def catalogue(self) -> Path:
        return self.home / "published" / "siyu.duckdb"

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "SIYU_HOME": str(self.home), **self.settings}

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """The command in the background, in a process group of its own so that a test can kill all of it."""
        return subprocess.Popen(
            [SIYU, *arguments],
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def siyu(self, *arguments: str, expect: int = 0) -> str:
        """What the command printed; its exit code must be the one expected."""
        done = subprocess.run(
            [SIYU, *arguments],
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        assert done.returncode == expect, f"siyu {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}"
        return done.stdout

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with duckdb.connect(str(self.catalogue), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def hashes(self) -> dict[str, str]:
        """Sorted-row hash of every published mart and output."""
        with duckdb.connect(str(self.catalogue), read_only=True) as connection:
            tables = connection.execute(
                "select table_schema || '.' || table_name from information_schema.tables "
                "where table_schema in ('marts', 'outputs') order by all"
            ).fetchall()
            return {table: _sorted_row_hash(connection, table) for (table,) in tables}


def _sorted_row_hash(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    rows = connection.execute(f"select rows::varchar from {table} as rows order by 1").fetchall()
    return hashlib.sha256("\n".join(row for (row,) in rows).encode()).hexdigest()


@pytest.fixture(scope="module")
def install(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Installation]:
    """Makes installations: `install(SIYU_START_DATE="2010-12-01")`."""

    def make(**settings: str) -> Installation:
        return Installation(tmp_path_factory.mktemp("siyu") / "home", settings)

    return make
