"""Running a suite: what is reported, what is never reported, and that nothing stays open."""

import re
from datetime import date
from pathlib import Path

import duckdb
import pytest

from expectations.runner import Outcome, _expectation, _library, parquet_relation, pinpoint, run_suite
from expectations.suite import Suite, load_suite

SUITES = sorted((Path(__file__).parents[3] / "expectations").glob("*/**/*.yml"))
RAW = [file for file in SUITES if "raw" in file.parts]
OUTPUTS = [file for file in SUITES if "outputs" in file.parts]

SUITE = Suite.model_validate(
    {
        "shape": [
            {
                "name": "columns_are_there",
                "expect": "ExpectTableColumnsToMatchSet",
                "with": {"column_set": ["id", "amount", "gone"], "exact_match": False},
            },
            {"name": "id_is_unique", "expect": "ExpectColumnValuesToBeUnique", "with": {"column": "id"}},
        ],
        "content": [
            {
                "name": "amount_is_not_negative",
                "expect": "ExpectColumnValuesToBeBetween",
                "with": {"column": "amount", "min_value": 0},
            },
            {"name": "never_paid_twice", "query": "select id from {batch} where amount > 2", "severity": "warning"},
            {
                "name": "status_is_known",
                "expect": "ExpectColumnValuesToBeInSet",
                "with": {"column": "status", "value_set": ["paid"]},
                "show_values": True,
            },
            {"name": "names_a_column_that_is_gone", "query": "select id from {batch} where gone > 2"},
            {"name": "meets_a_secret", "query": "select id from {batch} where cast(secret as integer) > 2"},
            {"name": "gone_is_never_null", "expect": "ExpectColumnValuesToNotBeNull", "with": {"column": "gone"}},
        ],
        "volume": [{"name": "some_rows", "expect": "ExpectTableRowCountToBeBetween", "with": {"min_value": 1}}],
    }
)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    file = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "create schema outputs; create schema marts;"
            "create table outputs.sales as select i as id, i - 1.00 as amount, 'odd' || i % 2 as status,"
            " '13800001111x' as secret from range(4) as t (i);"
            "create table marts.customers as select 3 as id"
        )
    return file


def outcomes(suite: Suite, database: Path | None, relation: str) -> dict[str, Outcome]:
    return {outcome.check_name: outcome for outcome in run_suite(suite, database, relation)}


def test_a_failing_rule_says_what_was_observed_and_expected(database: Path) -> None:
    found = outcomes(SUITE, database, "outputs.sales")
    assert list(found) == [name for name, _ in SUITE.rules()]
    negative = found["content__amount_is_not_negative"]
    assert negative == Outcome(
        check_name="content__amount_is_not_negative",
        severity="error",
        passed=False,
        observed="1 of 4 rows against it",
        expected="amount values to be between: min value 0",
        failing_row_count=1,
    )
    assert negative.blocks
    assert found["shape__columns_are_there"].observed == "missing: gone"
    assert found["shape__id_is_unique"].passed
    assert (found["volume__some_rows"].passed, found["volume__some_rows"].observed) == (True, "4")


def test_a_warning_fails_without_blocking(database: Path) -> None:
    suite = SUITE.only({"content__never_paid_twice"})
    strict = Suite.model_validate(
        {"content": [{"name": "never_paid", "query": "select id from {batch} where amount = 2"}]}
    )
    assert not outcomes(suite, database, "outputs.sales where amount < 3")["content__never_paid_twice"].blocks
    found = outcomes(strict, database, "outputs.sales")["content__never_paid"]
    assert (found.blocks, found.observed, found.expected) == (True, "1 rows against it", "0 rows against it")
    assert found.failing_row_count == 1


def test_values_are_told_only_where_the_rule_says_so(database: Path) -> None:
    found = outcomes(SUITE, database, "outputs.sales")
    assert found["content__status_is_known"].observed == "4 of 4 rows against it: odd0, odd1"
    told = [value for outcome in found.values() for value in (outcome.observed, outcome.expected)]
    assert not [text for text in told if "13800001111" in text]


def test_a_rule_that_cannot_be_evaluated_fails_and_says_why(database: Path) -> None:
    found = outcomes(SUITE, database, "outputs.sales")
    gone, secret = found["content__names_a_column_that_is_gone"], found["content__meets_a_secret"]
    assert not gone.passed and 'Referenced column "gone" not found' in gone.observed
    assert secret.observed == "could not be evaluated: Conversion Error"
    assert '"gone" in BatchData does not exist' in found["content__gone_is_never_null"].observed


def test_a_rule_may_join_another_table_of_the_warehouse(database: Path) -> None:
    query = "select id from {batch} where id in (select id from marts.customers)"
    suite = Suite.model_validate({"content": [{"name": "no_customer_is_a_sale", "query": query}]})
    assert outcomes(suite, database, "outputs.sales")["content__no_customer_is_a_sale"].failing_row_count == 1


def test_nothing_stays_open(database: Path) -> None:
    run_suite(SUITE, database, "outputs.sales")
    with pytest.raises(duckdb.CatalogException):
        run_suite(SUITE, database, "outputs.no_such_table")
    with duckdb.connect(str(database)) as writer:  # refused while any connection of this process reads the file
        writer.execute("create table outputs.next as select 1 as id")


def test_an_unknown_expectation_is_named() -> None:
    suite = Suite.model_validate({"shape": [{"name": "a_typo", "expect": "ExpectTheImpossible", "with": {}}]})
    with pytest.raises(ValueError, match="rule 'a_typo'"):
        run_suite(suite, None, "(select 1 as id)")


def test_the_dates_that_fail_are_found(tmp_path: Path) -> None:
    suite = SUITE.only({"shape__id_is_unique", "content__amount_is_not_negative", "volume__some_rows"})
    files = {}
    for number in range(1, 8):
        file = tmp_path / f"it's day {number}.parquet"
        amount = -1 if number in (3, 7) else 1
        relation = duckdb.sql(f"select {number} as id, {amount}.00::decimal(18, 2) as amount")
        relation.write_parquet(str(file))
        files[date(2024, 1, number)] = [file]
    found = pinpoint(suite, files)
    assert [day.day for day in found] == [3, 7]
    assert [o.check_name for day in found.values() for o in day] == ["content__amount_is_not_negative"] * 2
    assert pinpoint(suite, {date(2024, 1, 1): files[date(2024, 1, 1)]}) == {}


def test_a_range_that_fails_only_as_a_whole_names_every_date(tmp_path: Path) -> None:
    files = {}
    for number in (1, 2):
        files[date(2024, 1, number)] = [tmp_path / f"{number}.parquet"]
        duckdb.sql("select 1 as id, 1.00 as amount").write_parquet(str(tmp_path / f"{number}.parquet"))
    assert len(pinpoint(SUITE.only({"shape__id_is_unique"}), files)) == 2


def empty_relation(suite: Suite) -> str:
    """The columns that a suite names, as the lake types them, without a row."""
    columns = next(rule.arguments["column_set"] for rule in suite.shape if "column_set" in rule.arguments)

    def kind(name: str) -> str:
        kinds = {"_at": "timestamp", "_date": "date", "_ratio": "decimal(9, 6)", "is_complete": "boolean"}
        kinds |= dict.fromkeys(["_amount", "_amount_refund_time"], "decimal(18, 2)")
        numbers = (
            "quantity",
            "_count",
            "_position",
            "_number",
            "_cost",
            "_rate",
            "_lift",
            "_low",
            "_high",
            "points",
            "priority",
        )
        measure = re.sub(r"_\d+d$", "", name)
        return next(
            (k for end, k in kinds.items() if measure.endswith(end)), "double" if measure.endswith(numbers) else "text"
        )

    return "(select " + ", ".join(f"cast(null as {kind(name)}) as {name}" for name in columns) + " limit 0)"


@pytest.mark.parametrize("file", RAW, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_an_empty_day_blocks_no_dataset(file: Path) -> None:
    suite = load_suite(file)
    found = run_suite(suite, None, empty_relation(suite))
    assert [outcome.check_name for outcome in found if not outcome.passed] == ["volume__some_rows_arrived"]
    assert not any(outcome.blocks for outcome in found)


def test_an_empty_output_blocks_nothing(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "empty.duckdb")) as connection:
        connection.execute("create schema outputs")
        for file in OUTPUTS:
            connection.execute(f"create table outputs.{file.stem} as from {empty_relation(load_suite(file))}")
    for file in OUTPUTS:
        found = run_suite(load_suite(file), tmp_path / "empty.duckdb", f"outputs.{file.stem}")
        assert {outcome.check_name.split("__")[0] for outcome in found if not outcome.passed} == {"volume"}
        assert not any(outcome.blocks for outcome in found)


@pytest.mark.parametrize("file", SUITES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_great_expectations_takes_every_rule(file: Path) -> None:
    suite = load_suite(file)
    assert suite.shape and suite.content and suite.volume
    for name, rule in suite.rules():
        _expectation(_library(), name, rule)


def test_files_that_lack_a_new_column_read_as_null(tmp_path: Path) -> None:
    duckdb.sql("select 1 as id").write_parquet(str(tmp_path / "old.parquet"))
    duckdb.sql("select 2 as id, 'x' as status limit 0").write_parquet(str(tmp_path / "schema.parquet"))
    suite = Suite.model_validate(
        {"content": [{"name": "no_status", "query": "select id from {batch} where status = 'x'"}]}
    )
    assert outcomes(suite, None, parquet_relation(tmp_path.glob("*.parquet")))["content__no_status"].passed


def test_a_masked_phone_is_told_and_blocks_no_file() -> None:
    suite = load_suite(next(file for file in RAW if (file.parent.name, file.stem) == ("generic", "identifiers")))
    row = """select 'jd' as platform, 's' as shop_id, 'phone' as id_type, 'x' as content_hash,
        null::timestamp as valid_from, null::timestamp as valid_to, null::timestamp as version_at"""
    people = "(values ('a', 'k1:a', 2), ('b', null, 3)) as people (account_id, id_value, line_number)"
    found = run_suite(suite, None, f"({row}, people.* from {people})")
    assert [(o.check_name, o.failing_row_count) for o in found if not o.passed] == [("content__phones_are_whole", 1)]
    assert not any(outcome.blocks for outcome in found)
