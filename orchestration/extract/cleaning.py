"""Takes the decorations off text, column by column, as Arrow kernels: blanks, id wrappers, currency signs, null words.

Belongs here: what platforms and spreadsheets put around a value. Does not: what the value is (`casting.py`).
A cell that says "no value" becomes null; anything odd is left in, so that no type accepts it later.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.extract.contracts import Column, Contract

BLANKS = " \t\r\n\v\f\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"
NULL_WORDS = ("", "-", "--", "—", "——", "null", "Null", "NULL", "无", "\\N")
NUMBERS = ("integer", "money", "decimal", "ratio", "percent")
WRAPPED_ID = r'^(?:="(.*)"|\'(.*))$'


def cleaned(batches: Iterable[pa.RecordBatch], contract: Contract) -> Iterator[pa.RecordBatch]:
    """The batches with every column of text cleaned; columns that the contract does not declare are only trimmed."""
    for batch in batches:
        columns = [
            values if name == "line_number" else clean(values, contract.columns.get(name, UNDECLARED))
            for name, values in zip(batch.schema.names, batch.columns, strict=True)
        ]
        yield pa.record_batch(columns, schema=batch.schema)


UNDECLARED = Column(header=["undeclared"])


def clean(values: "pa.Array[Any]", column: Column) -> "pa.Array[Any]":
    values = pc.utf8_trim(values, characters=BLANKS)
    if column.type == "id":
        values = _unwrapped(values)
    if column.type != "text" and not pc.all(pc.string_is_ascii(values), min_count=0).as_py():
        values = pc.utf8_normalize(values, form="NFKC")  # type: ignore[attr-defined]  # missing in the stubs
    if column.type in NUMBERS:
        values = _without_units(values, column)
    empty = pc.is_in(values, value_set=pa.array([*NULL_WORDS, *column.null_words], pa.string()))
    return pc.if_else(empty, pa.scalar(None, pa.string()), values)


def _unwrapped(ids: "pa.Array[Any]") -> "pa.Array[Any]":
    """`="123"` and `'123`, by which spreadsheets are kept from rounding an id."""
    if not pc.any(pc.match_substring_regex(ids, "^['=]"), min_count=0).as_py():
        return ids
    return pc.utf8_trim(pc.replace_substring_regex(ids, WRAPPED_ID, r"\1\2"), characters=BLANKS)


def _without_units(numbers: "pa.Array[Any]", column: Column) -> "pa.Array[Any]":
    if not pc.any(pc.match_substring_regex(numbers, r"[^\d.,%+-]"), min_count=0).as_py():
        return numbers
    numbers = pc.replace_substring_regex(numbers, "^([+-]?)¥ ?", r"\1")
    units = "|".join(map(re.escape, column.suffixes))
    return pc.replace_substring_regex(numbers, rf"^([+-]?\d.*?) ?({units})$", r"\1") if units else numbers
