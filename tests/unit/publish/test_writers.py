"""Cells that no spreadsheet runs, and copies of files."""

import errno
import os
import re
from pathlib import Path

import pytest

from orchestration.publish.destinations import Column
from orchestration.publish.writers import InvalidValueError, cell, copy

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


@pytest.mark.parametrize("code", [None, errno.EXDEV, errno.ENOSPC])
def test_a_copy_is_whole_also_between_file_systems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int | None
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(code, "refused")

    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(os.urandom(3_000_001))
    target.write_bytes(b"longer" * 1_000_000)
    if code:
        monkeypatch.setattr(os, "copy_file_range", refuse)
    if code == errno.ENOSPC:
        with pytest.raises(OSError, match="refused"):
            copy(source, target)
    else:
        copy(source, target)
        assert target.read_bytes() == source.read_bytes()
