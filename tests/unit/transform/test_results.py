"""What dbt's tests found, as lines of the audit book: enough to find the row, nothing about a person."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.audit import CheckResult
from orchestration.transform.results import test_results as results_of_tests

DAY = date(2024, 3, 1)
TEST, MART = "test.siyu.refunds__never_exceed_what_was_paid", "model.siyu.refunds"


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    file = tmp_path / "finished.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            """
            create schema marts;
            create table marts.refunds as
            select 'generic' as platform, 'R' || n as refund_id, 'L' || n as order_line_id,
                'buyer-' || n as account_id, '张三' as buyer_name, 30::decimal(18, 2) as refund_amount
            from range(1, 10) as t (n)
            """
        )
    return file


def told(
    warehouse: Path, sql: str, failures: int | None, status: str = "fail", column: str | None = None
) -> CheckResult:
    test: dict[str, Any] = {
        "resource_type": "test",
        "name": "refunds__never_exceed_what_was_paid",
        "config": {"severity": "ERROR"},
        "description": "",
        "depends_on": {"nodes": [MART]},
        "compiled_code": sql,
        "column_name": column,
    }
    model = {"resource_type": "model", "name": "refunds", "config": {"schema": "marts"}}
    run = {"results": [{"unique_id": TEST, "status": status, "failures": failures}]}
    [line] = results_of_tests(run, {"nodes": {TEST: test, MART: model}}, {"finished": warehouse}, "run", DAY)
    return line


def test_a_failing_row_is_named_by_its_ids_and_amounts_and_by_no_person(warehouse: Path) -> None:
    line = told(warehouse, "-- why\nselect * from finished.marts.refunds where refund_id = 'R4' -- which\n", 1)
    assert line.observed == "1 failing row: platform=generic, refund_id=R4, order_line_id=L4, refund_amount=30.00"
    assert (line.asset, line.severity, line.passed) == ("marts/refunds", "error", False)


def test_of_many_failing_rows_the_first_few_are_named(warehouse: Path) -> None:
    line = told(warehouse, "select refund_id from finished.marts.refunds", 9)
    named = "; ".join(f"refund_id=R{n}" for n in range(1, 6))
    assert line.observed == f"9 failing rows: {named}; …"


@pytest.mark.parametrize(
    ("column", "observed"),
    [("refund_id", "1 failing row: refund_id=R4"), ("account_id", "1 failing row"), ("buyer_name", "1 failing row")],
)
def test_a_test_of_a_column_names_the_value_where_it_is_no_person(warehouse: Path, column: str, observed: str) -> None:
    sql = f"select {column} as unique_field, 2 as n_records from finished.marts.refunds where refund_id = 'R4'"
    assert told(warehouse, sql, 1, column=column).observed == observed


def test_a_test_that_could_not_be_evaluated_quotes_nothing(warehouse: Path) -> None:
    assert (
        told(warehouse, "select nonsense from finished.marts.refunds", None, "error").observed
        == "could not be evaluated"
    )


def test_a_test_that_passes_asks_the_warehouse_nothing(warehouse: Path) -> None:
    assert told(warehouse.with_name("missing.duckdb"), "select 1", 0, "pass").observed == "0 failing rows"
