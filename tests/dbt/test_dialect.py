"""The dialect macros: on DuckDB they give the values they promise, on Spark they are sentences its grammar knows.

Whether both engines give the same values is shown by running the models on both, not here.
"""

from collections.abc import Callable
from datetime import date
from hashlib import md5
from pathlib import Path
from types import SimpleNamespace

import duckdb
import jinja2
import pytest
import sqlglot
from sqlglot import exp

MACROS = Path(__file__).resolve().parents[2] / "dbt_project" / "macros" / "dialect.sql"
CALLS = {
    "surrogate_key": ((["platform", "shop_id", "account_id"],), int(md5(b"douyin\x1fs\x1f1").hexdigest()[:15], 16)),
    "json_text": (("parameters", "max_days"), "7"),
    "json_text_of": (("parameters", "key"), "7"),
    "json_item": (("items", 2), '["x"]'),
    "days_before": (("day", 3), date(2024, 2, 27)),
    "days_after": (("day", 3), date(2024, 3, 4)),
    "days_between": (("day", "later"), 2),
}
ROW = """select 'douyin' as platform, 's' as shop_id, '1' as account_id, 'a;b' as ids,
    '{"max_days": "7"}' as parameters, date '2024-03-01' as day, date '2024-03-03' as later, 'max_days' as key,
    '["a", "=", ["x"]]' as items"""


def _rendered(dialect: str, macro: str, *arguments: object) -> str:
    """The macro call as dbt renders it for a dialect: `adapter.dispatch` picks `<dialect>__<name>`."""
    macros: dict[str, Callable[..., str]] = {}
    adapter = SimpleNamespace(dispatch=lambda name: macros[f"{dialect}__{name}"])
    template = jinja2.Environment(extensions=["jinja2.ext.do"]).from_string(MACROS.read_text())
    macros |= template.make_module({"adapter": adapter}).__dict__
    return macros[macro](*arguments).strip()


@pytest.mark.parametrize("name", CALLS)
def test_on_duckdb_the_value_is_the_promised_one(name):
    arguments, expected = CALLS[name]
    assert duckdb.sql(f"select {_rendered('duckdb', name, *arguments)} from ({ROW})").fetchall() == [(expected,)]


def test_a_key_tells_where_its_parts_end():
    key = _rendered("duckdb", "surrogate_key", ["a", "b"])
    rows = "values ('x', 'yz'), ('xy', 'z'), ('xyz', null), (null, 'xyz')"
    [(count,)] = duckdb.sql(f"select count(distinct {key}) from ({rows}) as rows (a, b)").fetchall()
    assert count == 4


def test_a_list_becomes_rows():
    split = _rendered("duckdb", "split_rows", "ids")
    assert duckdb.sql(f"select {split} as id from ({ROW}) order by 1").fetchall() == [("a",), ("b",)]


def test_a_json_array_becomes_rows():
    exploded = _rendered("duckdb", "json_rows", "items")
    found = duckdb.sql(f"select {exploded} as item from ({ROW})").fetchall()
    assert [item for (item,) in found] == ["a", "=", '["x"]']


def test_a_list_gives_a_row_per_element_and_an_empty_one_none():
    exploded = _rendered("duckdb", "list_rows", "names")
    rows = "values (['a', 'b']), ([])"
    assert duckdb.sql(f"select {exploded} from ({rows}) as rows (names) order by 1").fetchall() == [("a",), ("b",)]


def test_texts_are_joined_in_the_order_that_is_asked():
    joined = _rendered("duckdb", "texts_joined", "name", "place")
    rows = "values ('b', 1), ('a', 2), ('a', 3), (null, 4)"
    assert duckdb.sql(f"select {joined} from ({rows}) as rows (name, place)").fetchall() == [("b; a; a",)]


def test_a_session_remembers_a_day_until_it_is_to_forget_it():
    told = []
    with duckdb.connect() as session:
        for day in (None, date(2026, 3, 1), None):
            if told:
                session.execute(_rendered("duckdb", "set_session_date", "begin", day))
            told += session.execute(f"select {_rendered('duckdb', 'session_date', 'begin')}").fetchone()
    assert told == [None, date(2026, 3, 1), None]


def test_a_fingerprint_does_not_depend_on_order_but_on_every_value():
    fingerprint = _rendered("duckdb", "rows_fingerprint", ["a", "b"])

    def of(rows: str) -> object:
        return duckdb.sql(f"select {fingerprint} from (values {rows}) as rows (a, b)").fetchone()

    assert of("(1, 'x'), (2, 'y')") == of("(2, 'y'), (1, 'x')")
    assert of("(1, 'x'), (2, 'y')") != of("(1, 'y'), (2, 'x')")
    assert of("(1, 'x'), (1, 'x')") != of("(1, 'x')")


SPARK = {name: arguments for name, (arguments, _) in CALLS.items()} | {
    "split_rows": ("ids",),
    "list_rows": ("names",),
    "rows_fingerprint": (["a", "b"],),
    "session_date": ("begin",),
    "texts_joined": ("name", "place"),
}


@pytest.mark.parametrize("name", SPARK)
def test_on_spark_every_function_is_one_that_spark_has(name):
    tree = sqlglot.parse_one(f"select {_rendered('spark', name, *SPARK[name])}", dialect="spark")
    unknown = {str(node.this).lower() for node in tree.find_all(exp.Anonymous)}
    assert unknown <= {"conv", "chr", "xxhash64"}, unknown


def test_every_dispatched_macro_has_both_dialects():
    text = MACROS.read_text()
    for name in {part.split("'")[1] for part in text.split("adapter.dispatch(")[1:]}:
        assert f"macro duckdb__{name}(" in text
        assert f"macro spark__{name}(" in text
