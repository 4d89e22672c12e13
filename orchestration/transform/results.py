"""What dbt left behind, read for others: which tests ran and how they ended, which tables stand and how large.

Belongs here: dbt's artefacts and short read-only connections to the warehouse.
Does not: Dagster (`translator.py` shows these things there), and running dbt.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.audit import CheckResult

ERROR = re.compile(r"[A-Z]\w+ Error:")
ROWS_SHOWN = 5
IDENTIFYING = ("_id", "_key", "_date", "_amount")
ALSO_SHOWN = {"platform", "reason"}
PERSONAL = {"account_id", "union_id", "open_id"}
RENAMED_BY_DBT = {"unique_field", "value_field", "from_field"}
Databases = Mapping[str, Path]  # DuckDB files by the name under which dbt attaches them
ABOUT_NAMES = ("Binder Error", "Catalog Error", "Parser Error", "Compilation Error")


@dataclass(frozen=True)
class Table:
    """A table of the warehouse: its columns with their types, and its exact number of rows."""

    columns: Mapping[str, str]
    row_count: int


def read_tables(databases: Databases, manifest: Mapping[str, Any], nodes: set[str]) -> dict[str, Table]:
    """The named nodes' tables, as they stand."""
    with reading(databases) as connection:
        return {
            name: _read_table(connection, manifest["nodes"][name]["relation_name"])
            for name in sorted(nodes)
            if manifest["nodes"][name].get("relation_name")
        }


@contextmanager
def reading(databases: Databases) -> Iterator[duckdb.DuckDBPyConnection]:
    """The files under the names that dbt's relations use, where they exist."""
    with duckdb.connect() as connection:
        for name, file in databases.items():
            if file.exists():
                connection.execute(f"attach '{str(file).replace(chr(39), chr(39) * 2)}' as {name} (read_only)")
        yield connection


def _read_table(connection: duckdb.DuckDBPyConnection, relation: str) -> Table:
    columns = {row[0]: row[1] for row in connection.execute(f"describe {relation}").fetchall()}
    (row_count,) = connection.execute(f"select count(*) from {relation}").fetchall()[0]
    return Table(columns, row_count)


def source_columns(manifest: Mapping[str, Any], lake: Path) -> dict[str, list[str]]:
    """Columns of every raw dataset, from the empty file that carries its contract's schema."""
    found = {}
    for name, source in manifest["sources"].items():
        schema = lake / source["source_name"] / source["name"] / "delivery_date=0001-01-01" / "schema.parquet"
        if schema.exists():
            described = duckdb.execute("describe select * from read_parquet(?)", [str(schema)]).fetchall()
            found[name] = [row[0] for row in described]
    return found


def test_results(
    run_results: Mapping[str, Any], manifest: Mapping[str, Any], databases: Databases, run_id: str, day: date
) -> Iterator[CheckResult]:
    """One line of the audit book for every data test that ran."""
    for result in run_results["results"]:
        test = manifest["nodes"].get(result["unique_id"], {})
        if test.get("resource_type") != "test" or result["status"] == "skipped":
            continue
        passed = result["status"] == "pass"
        rows = failing_rows(test, databases) if result["failures"] and not passed else []
        yield CheckResult(
            run_id=run_id,
            as_of_date=day,
            asset=_tested_asset(test, manifest),
            check_name=test["name"],
            severity="error" if test["config"]["severity"].lower() == "error" else "warning",
            passed=passed,
            observed=_observed(result["failures"], rows),
            expected=test["description"] or "no failing rows",
            failing_row_count=result["failures"],
        )


def failing_rows(test: Mapping[str, Any], databases: Databases) -> list[str]:
    """The first few rows that broke a test, by the columns that say which they are and that name no person."""
    sql = (test.get("compiled_code") or "").strip().rstrip(";")
    if not sql:
        return []
    with reading(databases) as connection:
        try:
            columns = [row[0] for row in connection.execute(f"describe {sql}").fetchall()]
            shown = {column: name for column in columns if is_shown(name := _tested_column(test, column))}
            if not shown:
                return []
            names = ", ".join(f'"{column}"' for column in shown)
            few = f"select distinct {names} from (\n{sql}\n) order by all limit {ROWS_SHOWN}"
            rows = connection.execute(few).fetchall()
        except duckdb.Error:  # a test that could not be evaluated has said so already
            return []
    return [", ".join(f"{name}={value}" for name, value in zip(shown.values(), row, strict=True)) for row in rows]


def _tested_column(test: Mapping[str, Any], column: str) -> str:
    """dbt's own tests give the tested column another name."""
    return (test.get("column_name") or column) if column in RENAMED_BY_DBT else column


def is_shown(column: str) -> bool:
    """Whether its values say which row it is and name no person."""
    return column not in PERSONAL and (column in ALSO_SHOWN or column.endswith(IDENTIFYING))


def broken_models(run_results: Mapping[str, Any]) -> list[str]:
    """The models that could not be built, with the kind of error; its text only where it can quote no row."""
    return [
        f"{result['unique_id'].rpartition('.')[2]}: {_safe_error(result['message'])}"
        for result in run_results["results"]
        if result["status"] == "error" and not result["unique_id"].startswith("test.")
    ]


def _safe_error(message: str | None) -> str:
    errors = [line.strip() for line in (message or "").splitlines() if ERROR.match(line.strip())]
    line = errors[-1] if errors else "dbt reports an error"
    return line if line.startswith(ABOUT_NAMES) else line.partition(":")[0]


def _observed(failures: int | None, rows: Sequence[str]) -> str:
    if failures is None:
        return "could not be evaluated"  # dbt's message may quote a row
    found = f"{failures:,} failing row{'' if failures == 1 else 's'}"
    more = "; …" if rows and failures > len(rows) else ""
    return f"{found}: {'; '.join(rows)}{more}" if rows else found


def _tested_asset(test: Mapping[str, Any], manifest: Mapping[str, Any]) -> str:
    tested = test.get("attached_node") or next((name for name in test["depends_on"]["nodes"]), None)
    node = manifest["nodes"].get(tested)
    return f"{node['config']['schema']}/{node['name']}" if node else "dbt"
