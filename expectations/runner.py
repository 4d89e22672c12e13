"""Runs a suite over a table or over Parquet files with Great Expectations, and says plainly what was found.

Belongs here: the one door to Great Expectations. Knows no Dagster, no settings, no audit book: callers turn an
`Outcome` into a row of theirs. Nothing here reports a value of a row, except where a rule says `show_values`.
Suites are written in `raw/` and `outputs/`; what they may say is in `suite.py`.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from expectations.suite import SQL_RULE, Rule, Suite

# Errors about names, which hold no value of a row; of any other error only the kind is told.
SEEDS = Path(__file__).resolve().parents[1] / "dbt_project" / "seeds"
BATCH = "batch"  # what the relation under a suite is called
SHOWN_ROWS = 5
ERROR_ABOUT_NAMES = re.compile(r"(Binder|Catalog|Parser) Error: .*|The column .* in BatchData does not exist")


@dataclass(frozen=True)
class Outcome:
    """What one rule found. `check_name` is `<shape|content|volume>__<sentence>`."""

    check_name: str
    severity: str
    passed: bool
    observed: str
    expected: str
    failing_row_count: int | None

    @property
    def blocks(self) -> bool:
        return not self.passed and self.severity == "error"


def run_suite(suite: Suite, database: Path | None, relation_sql: str) -> list[Outcome]:
    """Outcomes of all rules, in the suite's order, over what may stand after `from`: `outputs.kpi__sales_daily`,
    `parquet_relation(files)` or a subquery. `database` is a DuckDB file, opened read-only and closed again.
    A query may also join other tables of that file, as `marts.customers`."""
    return run_suites({relation_sql: suite}, database)[relation_sql]


def run_suites(suites: Mapping[str, Suite], database: Path | None) -> dict[str, list[Outcome]]:
    """The same for several relations of one file, by what they are called after `from`."""
    with _opened(database) as connection:
        for name in {name for suite in suites.values() for name in suite.beside}:
            connection.execute(f"create temp view {name} as from read_csv('{SEEDS / name}.csv', all_varchar = true)")
        source = _source(connection)
        return {relation: _outcomes(suite, relation, source, connection) for relation, suite in suites.items()}


def _outcomes(suite: Suite, relation_sql: str, source: Any, connection: duckdb.DuckDBPyConnection) -> list[Outcome]:
    connection.execute(f"create or replace temp view {BATCH} as select * from {relation_sql}")
    results = _validate(suite, source)
    rows = {name: _failing_rows(connection, rule) for name, rule in suite.rules() if not results[name].success}
    return [_outcome(name, rule, results[name], rows.get(name, [])) for name, rule in suite.rules()]


def parquet_relation(files: Iterable[Path]) -> str:
    """Parquet files as one relation; a column that older files lack is null."""
    quoted = ", ".join("'" + str(file).replace("'", "''") + "'" for file in sorted(set(files)))
    return f"read_parquet([{quoted}], union_by_name = true, hive_partitioning = false)"


def pinpoint(suite: Suite, files_by_date: Mapping[date, Sequence[Path]]) -> dict[date, list[Outcome]]:
    """The dates whose files break a blocking rule, with what broke. Halves the range, since few dates fail.
    Where only the range as a whole fails, as no two halves do, every date of it is named."""
    dates = sorted(files_by_date)
    outcomes = run_suite(suite, None, parquet_relation(file for day in dates for file in files_by_date[day]))
    broken = [outcome for outcome in outcomes if outcome.blocks]
    if not broken or len(dates) == 1:
        return dict.fromkeys(dates, broken) if broken else {}
    failed = suite.only({outcome.check_name for outcome in broken})
    halves = dates[: len(dates) // 2], dates[len(dates) // 2 :]
    found = [pinpoint(failed, {day: files_by_date[day] for day in half}) for half in halves]
    return found[0] | found[1] or dict.fromkeys(dates, broken)


@contextmanager
def _opened(database: Path | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A private connection. The file is attached to an instance of its own, so that nothing of it stays open, nor is
    shared with another connection of this process."""
    connection = duckdb.connect()
    try:
        if database is not None:
            connection.execute(f"attach '{str(database).replace(chr(39), chr(39) * 2)}' as warehouse (read_only)")
            connection.execute("use warehouse")
        yield connection
    finally:
        connection.close()


@cache
def _library() -> Any:
    """Great Expectations, imported on first use (it takes seconds) and kept silent."""
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    import great_expectations  # noqa: PLC0415

    return great_expectations


def _source(connection: duckdb.DuckDBPyConnection) -> Any:
    """The connection as Great Expectations' data source, in a context that leaves nothing behind."""
    gx = _library()
    from expectations import dialect  # noqa: PLC0415

    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    return context.data_sources.add_sql(
        "siyu", connection_string=dialect.URL, kwargs=dialect.engine_arguments(connection)
    )


def _validate(suite: Suite, source: Any) -> dict[str, Any]:
    """Great Expectations' own result of every rule, by check name, from one validation."""
    gx = _library()
    if BATCH in source.get_asset_names():
        source.delete_asset(BATCH)
    batch = source.add_table_asset(BATCH, table_name=BATCH).add_batch_definition_whole_table(BATCH).get_batch()
    expectations = [_expectation(gx, name, rule) for name, rule in suite.rules()]
    validated = batch.validate(gx.ExpectationSuite("suite", expectations=expectations), result_format="SUMMARY")
    return {result.expectation_config.meta["check"]: result for result in validated.results}


def _expectation(gx: Any, name: str, rule: Rule) -> Any:
    arguments = {"unexpected_rows_query": rule.query} if rule.expect == SQL_RULE else rule.arguments
    try:
        return getattr(gx.expectations, rule.expect)(**arguments, meta={"check": name})
    except (AttributeError, ValueError, TypeError) as error:
        raise ValueError(f"rule '{rule.name}': Great Expectations does not take it: {error}") from error


def _failing_rows(connection: duckdb.DuckDBPyConnection, rule: Rule) -> list[str]:
    """The first rows that a query found, as `column value`; Great Expectations tells their number only."""
    if rule.query is None or not rule.show_values:
        return []
    found = connection.execute(f"from ({rule.query.format(batch=BATCH)}) order by all limit {SHOWN_ROWS}")
    names = [column[0] for column in found.description]
    return [" ".join(f"{name} {value}" for name, value in zip(names, row, strict=True)) for row in found.fetchall()]


def _outcome(name: str, rule: Rule, result: Any, rows: Sequence[str]) -> Outcome:
    found = result.result or {}
    failing = found.get("observed_value") if rule.expect == SQL_RULE else found.get("unexpected_count")
    return Outcome(
        check_name=name,
        severity=rule.severity,
        passed=bool(result.success),
        observed=_observed(rule, found, failing, rows) or _error(result.exception_info),
        expected=rule.expected,
        failing_row_count=failing,
    )


def _observed(rule: Rule, found: Mapping[str, Any], failing: int | None, rows: Sequence[str]) -> str:
    if "mismatched" in (found.get("details") or {}):
        mismatched = found["details"]["mismatched"]
        kinds = ["missing"] if rule.arguments.get("exact_match") is False else ["missing", "unexpected"]
        said = [f"{kind}: {', '.join(map(str, mismatched[kind]))}" for kind in kinds if mismatched.get(kind)]
        return "; ".join(said) or f"{len(found['observed_value'])} columns, none missing"
    if failing is None:
        value = found.get("observed_value", "")
        return f"{value:,}" if isinstance(value, int) else str(value)
    of_all = f" of {found['element_count']:,}" if "element_count" in found else ""
    values = [str(entry["value"])[:40] for entry in found.get("partial_unexpected_counts", [])[:SHOWN_ROWS]]
    told = ", ".join(values) or "; ".join(rows)
    shown = f": {told}" if rule.show_values and told else ""
    return f"{failing:,}{of_all} rows against it{shown}"


def _error(exceptions: Mapping[str, Any]) -> str:
    """Why a rule could not be evaluated; an exception's text may quote a row, so most are named by kind only."""
    entries = [exceptions, *(entry for entry in exceptions.values() if isinstance(entry, Mapping))]
    text = next((str(entry["exception_message"]) for entry in entries if entry.get("exception_message")), "")
    line = text.splitlines()[0] if text else ""
    told = ERROR_ABOUT_NAMES.search(line) or re.search(r"[A-Z]\w+ Error", line)
    return f"could not be evaluated: {told.group() if told else 'the expectation raised an error'}"
