"""A model's logic changes: what was reported stays until somebody asks, and who asks sees first what will change."""

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.transform.rebase import COMPARING

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
FIRST, SECOND, THIRD = date(2024, 3, 1), date(2024, 3, 20), date(2024, 3, 21)
NINTH, TENTH = date(2024, 3, 9), date(2024, 3, 10)
FIFTEENTH = date(2024, 3, 15)
LAUNCHED = """
import sys, orchestration.definitions as code
from orchestration.instance import open_instance
home = code.settings()
with open_instance(home) as instance:
    job = code.build_definitions(home).resolve_job_def("daily")
    job.execute_in_process(instance=instance, tags=dict(tag.split("=") for tag in sys.argv[1:]))
"""
DAYS_OF_SALES = """-- One row per day with sales.
{{ table_by_day(days='sales_days', day='business_date') }}
{{ due_days(days='sales_days', day='business_date') }}
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


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = Checkout(tmp_path)
    made.deliver(FIRST, "o1,l1,anna,p1,1,100.00,paid,2024-03-01 10:00:00,2024-03-01 10:01:00")
    return made


def test_reported_days_stay_until_they_are_asked_for_and_then_are_shown_first(checkout: Checkout) -> None:
    checkout.deliver(THIRD, "o2,l2,ben,p1,1,50.00,paid,2024-03-21 11:00:00,2024-03-21 11:01:00")
    checkout.siyu("run", "--from", str(FIRST), "--to", str(SECOND))
    assert checkout.purchased()[SECOND] == 1

    # Whoever bought more than ten days ago is a buyer no more.
    checkout.change("dbt_project.yml", "aipl_purchase_days: 912", "aipl_purchase_days: 10")
    told = checkout.siyu("run", "--day", str(THIRD))
    assert "kpi__fast_daily: 20 days (2024-03-01 to 2024-03-20) were built by logic" in told
    assert (checkout.purchased()[SECOND], checkout.purchased()[THIRD]) == (1, 1)  # anna then, ben now

    (checkout.home / "warehouse" / "plan" / "complete").unlink()  # as a run that fails leaves it
    shown = checkout.siyu("run", "--day", str(SECOND), "--dry-run")
    assert "outputs.kpi__fast_daily" in shown and "purchased_count 1 → 0" in shown
    assert checkout.purchased()[SECOND] == 1

    told = checkout.launched(SECOND)
    assert "2024-03-20 stays as other logic built it in" in told and "with the tag siyu/replace: yes" in told
    assert (checkout.purchased()[SECOND], checkout.purchased()[FIFTEENTH]) == (1, 1)
    assert "stays as other logic" not in checkout.launched(FIFTEENTH, "siyu/replace=yes")
    assert (checkout.purchased()[SECOND], checkout.purchased()[FIFTEENTH]) == (1, 0)

    replaced = checkout.siyu("run", "--day", str(SECOND))
    assert "kpi__fast_daily: 2024-03-20 was built by logic" in replaced
    assert replaced.index("purchased_count 1 → 0") < replaced.index("Published:")
    assert checkout.purchased()[SECOND] == 0
    assert "kpi__fast_daily: 18 days" in replaced


def test_logic_far_upstream_leaves_reported_days_too_and_deliveries_make_their_own_days_due(checkout: Checkout) -> None:
    """What was a sale is a gift now: no reported day would have one, and the second would be no day of sales."""
    checkout.deliver(SECOND, "o3,l3,cara,p1,1,50.00,paid,2024-03-20 11:00:00,2024-03-20 11:01:00")
    (checkout.models / "marts/orders/days_of_sales.sql").write_text(DAYS_OF_SALES)
    checkout.siyu("run", "--from", str(FIRST), "--to", str(SECOND))
    assert checkout.sales() == {FIRST: 100, SECOND: 50}

    # In the same run: less than 200 is a gift, a line of the tenth comes late, and a model is no more.
    checkout.change(
        "models/intermediate/orders/int_order_lines_unioned.sql", "payable_amount = 0", "payable_amount < 200"
    )
    (checkout.models / "marts/orders/days_of_sales.sql").unlink()
    checkout.deliver(THIRD, "o4,l4,dora,p1,1,500.00,paid,2024-03-10 11:00:00,2024-03-10 11:01:00")
    told = checkout.siyu("run", "--day", str(THIRD))
    assert COMPARING in told
    assert "kpi__fast_daily: 9 days (2024-03-01 to 2024-03-09) were built by logic" in told
    assert "kpi__sales_daily: 2 days (2024-03-01 to 2024-03-20) were built by logic" in told
    assert checkout.sales() == {FIRST: 100, TENTH: 500, SECOND: 50}
    purchased = checkout.purchased()
    assert [purchased[day] for day in (FIRST, NINTH, TENTH, SECOND, THIRD)] == [1, 1, 1, 1, 1]  # anna, then dora alone
    assert not checkout.asked("select 1 from audit.built_days where table_name = 'days_of_sales'")
    assert not checkout.asked("select 1 from information_schema.tables where table_name = 'days_of_sales'")

    again = checkout.siyu("run", "--day", str(THIRD))
    assert COMPARING not in again and checkout.purchased() == purchased

    replaced = checkout.siyu("run", "--from", str(NINTH), "--to", str(SECOND))
    assert "purchased_count 12 → 11" in replaced and "paid_amount 550.00 → 500.00" in replaced
    assert checkout.sales() == {FIRST: 100, TENTH: 500}
    # By today's logic nobody had bought before the tenth: no feed told of orders yet.
    assert (checkout.purchased()[FIRST], checkout.purchased()[NINTH]) == (1, None)
    checkout.siyu("verify", "--rebuild")
