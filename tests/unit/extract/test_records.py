"""Cutting text into records agrees with Python's own CSV reader, wherever the blocks happen to end."""

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.extract.records import Block, blocks

cells = st.text(st.sampled_from('ab ",\n\r面\t'), max_size=6)


def cut(text: bytes, size: int, width: int) -> list[Block]:
    return list(blocks((text[at : at + size] for at in range(0, len(text), size)), 1, width, ","))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=8), st.integers(1, 60))
def test_well_formed_text_is_passed_on_whole(rows, size: int) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    found = cut(out.getvalue().encode(), size, 3)
    assert b"".join(block.text for block in found).decode() == out.getvalue()
    assert [int(number) for block in found for number in block.numbers] == list(range(1, len(rows) + 1))
    assert not any(block.malformed for block in found)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(st.sampled_from('ab,"\n'), max_size=40), st.integers(1, 60))
def test_whatever_the_text_the_cut_does_not_depend_on_the_blocks(text: str, size: int) -> None:
    def outcome(block_size: int) -> tuple[bytes, list[int], list[tuple[int, str, bytes]]]:
        found = cut(text.encode() + b"\n", block_size, 2)
        return (
            b"".join(block.text for block in found),
            [int(number) for block in found for number in block.numbers],
            [(row.number, row.rule, row.text) for block in found for row in block.malformed],
        )

    assert outcome(size) == outcome(1000)


def test_a_quote_never_closed_swallows_only_its_own_line() -> None:
    found = cut(b'a,b\n"c,d\ne,f\n', 100, 2)
    text = b"".join(block.text for block in found)
    assert text == b"a,b\ne,f\n"
    assert [(row.number, row.rule) for block in found for row in block.malformed] == [(2, "misplaced_quote")]
