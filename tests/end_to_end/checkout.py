"""A copy of the code whose models may be changed, with an installation of its own.

Belongs here: changing it and running it. Does not: what has to come of it (`test_changed_logic*.py`).
"""

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).parents[2]
FIRST, SECOND, THIRD = date(2024, 3, 1), date(2024, 3, 20), date(2024, 3, 21)
LAUNCHED = """
import sys, orchestration.definitions as code
from orchestration.instance import open_instance
home = code.settings()
with open_instance(home) as instance:
    job = code.build_definitions(home).resolve_job_def("daily")
    job.execute_in_process(instance=instance, tags=dict(tag.split("=") for tag in sys.argv[1:]))
"""
LINE = "order_id,order_line_id,account_id,product_id,quantity,paid_amount,order_status,created_at,paid_at"


class Checkout:
    """An installation with a copy of the code, whose models may be changed."""

    def __init__(self, folder: Path) -> None:
        self.code, self.home = folder / "code", folder / "home"
        for part in ("orchestration", "expectations", "dbt_project"):
            shutil.copytree(ROOT / part, self.code / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "dagster.yaml", self.code)

    def deliver(self, day: date, *lines: str) -> None:
        file = self.home / "inbox" / "generic" / "order_lines" / str(day) / "orders.csv"
        file.parent.mkdir(parents=True)
        file.write_text("\n".join([LINE, *lines, ""]))

    @property
    def models(self) -> Path:
        return self.code / "dbt_project" / "models"

    def change(self, file: str, before: str, after: str) -> None:
        path = self.code / "dbt_project" / file
        text = path.read_text()
        assert before in text
        path.write_text(text.replace(before, after))

    def siyu(self, *arguments: str) -> str:
        return self._run("from orchestration.cli import main; main()", *arguments)

    def launched(self, day: date, *tags: str) -> str:
        """The day as the UI, the schedule and the sensor run it."""
        return self._run(LAUNCHED, f"dagster/partition={day}", *tags)

    def _run(self, code: str, *arguments: str) -> str:
        settings = {"SIYU_HOME": str(self.home), "SIYU_START_DATE": str(FIRST), "PYTHONPATH": str(self.code)}
        command = [sys.executable, "-c", code, *arguments]
        done = subprocess.run(
            command,
            cwd=self.code,
            env=os.environ | settings,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def asked(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.home / "published" / "siyu.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def purchased(self) -> dict[date, int | None]:
        return dict(self.asked("select as_of_date, purchased_count from outputs.kpi__fast_daily"))

    def sales(self) -> dict[date, int]:
        return dict(self.asked("select business_date, paid_amount from outputs.kpi__sales_daily"))
