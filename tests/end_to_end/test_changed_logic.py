"""A model's logic changes: what was reported stays until somebody asks, and who asks sees first what will change."""

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).parents[2]
FIRST, SECOND, THIRD = date(2024, 3, 1), date(2024, 3, 20), date(2024, 3, 21)
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

    def change(self, file: str, before: str, after: str) -> None:
        path = self.code / "dbt_project" / file
        text = path.read_text()
        assert before in text
        path.write_text(text.replace(before, after))

    def siyu(self, *arguments: str) -> str:
        settings = {"SIYU_HOME": str(self.home), "SIYU_START_DATE": str(FIRST), "PYTHONPATH": str(self.code)}
        command = [sys.executable, "-c", "from orchestration.cli import main; main()", *arguments]
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

    def purchased(self) -> dict[date, int]:
        with duckdb.connect(str(self.home / "published" / "siyu.duckdb"), read_only=True) as connection:
            return dict(
                connection.execute("select as_of_date, purchased_count from outputs.kpi__fast_daily").fetchall()
            )


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = Checkout(tmp_path)
    made.deliver(FIRST, "o1,l1,anna,p1,1,100.00,paid,2024-03-01 10:00:00,2024-03-01 10:01:00")
    made.deliver(THIRD, "o2,l2,ben,p1,1,50.00,paid,2024-03-21 11:00:00,2024-03-21 11:01:00")
    return made


def test_reported_days_stay_until_they_are_asked_for_and_then_are_shown_first(checkout: Checkout) -> None:
    checkout.siyu("run", "--from", str(FIRST), "--to", str(SECOND))
    assert checkout.purchased()[SECOND] == 1

    # Whoever bought more than ten days ago is a buyer no more.
    checkout.change("dbt_project.yml", "aipl_purchase_days: 912", "aipl_purchase_days: 10")
    told = checkout.siyu("run", "--day", str(THIRD))
    assert "kpi__fast_daily: 20 days from 2024-03-01 to 2024-03-20 stay as logic" in told
    assert (checkout.purchased()[SECOND], checkout.purchased()[THIRD]) == (1, 1)  # anna then, ben now

    shown = checkout.siyu("run", "--day", str(SECOND), "--dry-run")
    assert "outputs.kpi__fast_daily" in shown and "purchased_count 1 → 0" in shown
    assert checkout.purchased()[SECOND] == 1

    replaced = checkout.siyu("run", "--day", str(SECOND))
    assert "kpi__fast_daily: 2024-03-20 was built by logic" in replaced
    assert replaced.index("purchased_count 1 → 0") < replaced.index("Published:")
    assert checkout.purchased()[SECOND] == 0
    assert "kpi__fast_daily: 19 days" in replaced
