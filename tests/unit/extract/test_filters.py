"""Filters of the campaign plan: what is read, and how what is not read is named."""

import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.extract.filters import REFUSED, NotAFilter, canonical, filters_read

FACTS = {"net_amount": "number", "refund_count": "number", "joined_date": "date", "product_id": "text"}


def read(text):
    return json.loads(canonical(text, FACTS))


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("net_amount >= 500.50", [[["net_amount", ">=", ["500.5"]]]]),
        ("NET_AMOUNT = -0500", [[["net_amount", "=", ["-500"]]]]),
        (
            "net_amount > 1 and (refund_count = 0 or product_id = 'A''1')",
            [
                [["net_amount", ">", ["1"]], ["product_id", "=", ["A'1"]]],
                [["net_amount", ">", ["1"]], ["refund_count", "=", ["0"]]],
            ],
        ),
        ("product_id in ('b', 'a', 'b')", [[["product_id", "=", ["a", "b"]]]]),
        ("product_id not in ('b', 'a')", [[["product_id", "!=", ["a"]], ["product_id", "!=", ["b"]]]]),
        ("not product_id <> 'a'", [[["product_id", "=", ["a"]]]]),
        (
            "joined_date between '2026-01-01' and '2026-02-28'",
            [[["joined_date", "<=", ["2026-02-28"]], ["joined_date", ">=", ["2026-01-01"]]]],
        ),
        ("net_amount not between 1 and 2", [[["net_amount", "<", ["1"]]], [["net_amount", ">", ["2"]]]]),
        (
            "not (net_amount < 5 or refund_count > 0)",
            [[["net_amount", ">=", ["5"]], ["refund_count", "<=", ["0"]]]],
        ),
        (
            "not (net_amount < 5 and not (refund_count > 0))",
            [[["net_amount", ">=", ["5"]]], [["refund_count", ">", ["0"]]]],
        ),
        ("refund_count = 1 or refund_count = 1", [[["refund_count", "=", ["1"]]]]),
        ("product_id = '口红'", [[["product_id", "=", ["口红"]]]]),
    ],
)
def test_a_filter_becomes_groups_of_conditions(text, groups):
    assert read(text) == groups


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("net_amount >=", "filter_is_not_readable"),
        ("net_amount >= 5 and", "filter_is_not_readable"),
        ("'); DROP TABLE members; --", "filter_is_not_readable"),
        ("net_amount = 1; drop table members", "filter_is_not_readable_at_character_15"),
        ("net_amount = 1 -- or all", "filter_is_not_readable"),
        ("{{ var('salt') }}", "filter_is_not_readable_at_character_1"),
        ("net_amount = (select 1)", "filter_is_not_readable_at_character_15"),
        ("product_id like 'a%'", "filter_is_not_readable_at_character_12"),
        ("net_amount is null", "filter_is_not_readable_at_character_12"),
        ("net_amount = - - 1", "filter_is_not_readable_at_character_14"),
        ("product_id = ‘a’", "filter_has_a_wrong_value_at_character_14"),
        ('product_id = "a"', "filter_is_not_readable_at_character_14"),
        ("product_id = ''", "filter_has_a_wrong_value_at_character_14"),
        ("net_amount = '5'", "filter_has_a_wrong_value_at_character_14"),
        ("net_amount = 1e3", "filter_has_a_wrong_value_at_character_14"),
        ("net_amount = 1.1234567", "filter_has_a_wrong_value_at_character_14"),
        ("product_id = 5", "filter_has_a_wrong_value_at_character_14"),
        ("joined_date > '2026-02-30'", "filter_has_a_wrong_value_at_character_15"),
        ("joined_date > 20260201", "filter_has_a_wrong_value_at_character_15"),
        ("product_id > 'a'", "filter_has_a_wrong_operator_at_character_1"),
        ("product_id between 'a' and 'b'", "filter_has_a_wrong_operator_at_character_1"),
        ("net_amount between symmetric 2 and 1", "filter_has_a_wrong_operator_at_character_1"),
        ("refund_count = 0 or shoe_size = 40", "filter_has_an_unknown_fact_at_character_21"),
        ("members.net_amount = 1", "filter_is_not_readable_at_character_8"),
        ("5 <= net_amount", "filter_has_no_fact_on_the_left_at_character_1"),
        ("sleep(5) = 1", "filter_has_no_fact_on_the_left"),
        ("1 = 1", "filter_has_no_fact_on_the_left_at_character_1"),
        ("net_amount", "filter_has_no_comparison_at_character_1"),
        ("net_amount = 1 net_amount", "filter_has_no_comparison_at_character_1"),
        ("(" * 10_000 + "net_amount = 1" + ")" * 10_000, "filter_is_too_large"),
        ("(" * 1_900 + "net_amount = 1" + ")" * 1_900, "filter_is_too_large_at_character_21"),
        ("not " * 900 + "net_amount = 1", "filter_is_too_large_at_character_81"),
        (" and ".join(["(net_amount = 1 or refund_count = 1)"] * 7), "filter_is_too_large"),
    ],
)
def test_what_is_no_filter_is_named_with_its_place(text, rule):
    with pytest.raises(NotAFilter) as refused:
        canonical(text, FACTS)
    assert str(refused.value).startswith(rule)


def test_texts_of_a_column_are_read_one_by_one():
    texts = pa.array(["net_amount = 1", None, "net_amount"], pa.string())
    good, missing, refused = filters_read(texts, FACTS).to_pylist()
    assert good == '[[["net_amount","=",["1"]]]]'
    assert missing is None
    assert refused == f"{REFUSED}filter_has_no_comparison_at_character_1"


PIECES = [
    "net_amount",
    "product_id",
    "'a'",
    "1",
    "and",
    "or",
    "not",
    "(",
    ")",
    "in",
    "between",
    "=",
    "<",
    ",",
    "-",
    ";",
]


@given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join))
def test_any_text_is_read_or_refused(text):
    [found] = filters_read(pa.array([text], pa.string()), FACTS).to_pylist()
    assert found.startswith("[[[") or found.startswith(f"{REFUSED}filter_")


NUMBERS = st.builds("net_amount {} {}".format, st.sampled_from(["=", "<>", "<", "<=", ">", ">="]), st.integers(0, 3))
LISTS = st.sampled_from(["net_amount in (1, 2)", "net_amount not in (0, 3)", "net_amount between 1 and 2"])
TEXTS = st.recursive(
    NUMBERS | LISTS,
    lambda inner: (
        st.builds("({} and {})".format, inner, inner)
        | st.builds("({} or {})".format, inner, inner)
        | st.builds("not {}".format, inner)
    ),
    max_leaves=4,
)


@given(TEXTS, st.integers(0, 3))
def test_the_groups_say_what_the_text_says(text, amount):
    """The same text as Python understands it, where `not` binds as loosely as in SQL."""
    python = (
        text.replace("<>", "!=").replace(" = ", " == ").replace("net_amount between 1 and 2", "(1 <= net_amount <= 2)")
    )
    compared = {
        "=": lambda values: amount in values,
        "!=": lambda values: amount not in values,
        "<": lambda values: amount < values[0],
        "<=": lambda values: amount <= values[0],
        ">": lambda values: amount > values[0],
        ">=": lambda values: amount >= values[0],
    }
    holds = any(all(compared[op]([int(v) for v in values]) for _, op, values in group) for group in read(text))
    assert holds == eval(python, {"net_amount": amount})
