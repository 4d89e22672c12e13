"""A gap between a platform's summary and ours stops the table or is told, as the tolerance of its metric says."""

from pathlib import Path

import duckdb
import pytest

from expectations.runner import run_suite
from expectations.suite import load_suite

SUITE = Path(__file__).parents[3] / "expectations" / "outputs" / "kpi__reconciliation_daily.yml"
COLUMNS = """'douyin' as platform, 's' as shop_id, date '2026-03-02' as business_date, 'paid_amount' as metric,
    90.00 as our_figure, 100.00 as platform_figure, -10.00 as gap, -0.1 as gap_ratio, -10.00 as unexplained_gap,
    -0.1 as unexplained_ratio, 0.02 as tolerance, null as missing_reason"""


@pytest.mark.parametrize(
    ("status", "severity", "broken", "blocks"),
    [
        ("explained", "error", [], False),
        ("within_tolerance", "error", [], False),
        ("beyond_tolerance", "error", ["content__no_gap_is_beyond_its_tolerance"], True),
        ("beyond_tolerance", "warning", ["content__no_gap_is_beyond_a_tolerance_that_warns"], False),
    ],
)
def test_a_gap_beyond_its_tolerance_blocks_or_warns(
    tmp_path: Path, status: str, severity: str, broken: list[str], blocks: bool
) -> None:
    with duckdb.connect(str(tmp_path / "w.duckdb")) as connection:
        connection.execute(f"create table t as select {COLUMNS}, '{status}' as status, '{severity}' as severity")
    found = [outcome for outcome in run_suite(load_suite(SUITE), tmp_path / "w.duckdb", "t") if not outcome.passed]
    assert [outcome.check_name for outcome in found] == broken
    assert any(outcome.blocks for outcome in found) == blocks
    assert all("metric paid_amount" in outcome.observed for outcome in found)
