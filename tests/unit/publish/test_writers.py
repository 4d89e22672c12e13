"""Cells that no spreadsheet runs."""

import re

import pytest

from orchestration.publish.destinations import Column
from orchestration.publish.writers import InvalidValueError, cell

TEXT = Column("reason", None)
DANGEROUS = ["=1+1", "+1", "-1", "@sum(a)", "\t=1", "\r=1", "  =1", "\u00a0=1", "\u3000@x", "＝1", "\ufeff=1", "\n=1"]


@pytest.mark.parametrize("value", DANGEROUS)
def test_a_formula_is_shown_as_text(value: str) -> None:
    assert cell(TEXT, value).startswith("'")


@pytest.mark.parametrize("value", ["plain", "张三", "1+1", "a=b", "", "'quoted"])
def test_other_text_is_left_as_it_is(value: str) -> None:
    assert cell(TEXT, value) == value


def test_a_line_break_cannot_start_a_formula() -> None:
    assert cell(TEXT, "hello\n=1+1\x00") == "hello =1+1 "
    assert cell(TEXT, None) == ""


def test_a_value_that_breaks_its_pattern_is_refused_without_being_quoted() -> None:
    with pytest.raises(InvalidValueError, match="'phone' is malformed") as refused:
        cell(Column("phone", re.compile(r"\d+")), "13800001111\n=1")
    assert "1380" not in str(refused.value)
