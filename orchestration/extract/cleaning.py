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
from orchestration.extract.encodings import bytes_of, is_ascii
from orchestration.extract.filters import filters_read

BLANKS = " \t\r\n\v\f\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"
NULL_WORDS = ("", "-", "--", "—", "——", "null", "Null", "NULL", "无", "\\N")
NUMBERS = ("integer", "money", "decimal", "ratio", "percent")
PLAIN_NUMBER = b"0123456789.,%+-"
WRAPPED_ID = r'^(?:="(.*)"|\'(.*))$'


def cleaned(batches: Iterable[pa.RecordBatch], contract: Contract) -> Iterator[pa.RecordBatch]:
    """The batches with every column of text cleaned; columns that the contract does not declare are only trimmed."""
    for batch in batches:
        columns = [
            values if name == "line_number" else clean(values, contract.columns.get(name, UNDECLARED))
            for name, values in zip(batch.schema.names, batch.columns, strict=True)
        ]
        yield pa.record_batch(columns, names=batch.schema.names)


UNDECLARED = Column(header=["undeclared"])


def clean(values: "pa.Array[Any]", column: Column) -> "pa.Array[Any]":
    """The values without their decorations; of a dictionary each value is cleaned once."""
    if isinstance(values, pa.DictionaryArray):
        return clean(values.dictionary, column).take(values.indices)
    values = pc.utf8_trim(values, characters=BLANKS)
    if column.type == "id":
        values = _unwrapped(values)
    if column.type not in ("text", "filter") and not is_ascii(values):
        values = pc.utf8_normalize(values, form="NFKC")  # type: ignore[attr-defined]  # missing in the stubs
    if column.type in NUMBERS:
        values = _without_units(values, column)
    empty = pc.is_in(values, value_set=pa.array([*NULL_WORDS, *column.null_words], pa.string()))
    values = pc.if_else(empty, pa.scalar(None, pa.string()), values)
    return filters_read(values, column.facts) if column.type == "filter" else values


def _unwrapped(ids: "pa.Array[Any]") -> "pa.Array[Any]":
    """`="123"` and `'123`, by which spreadsheets are kept from rounding an id."""
    text = bytes_of(ids).tobytes()
    if not (b"'" in text or b"=" in text):
        return ids
    return pc.utf8_trim(pc.replace_substring_regex(ids, WRAPPED_ID, r"\1\2"), characters=BLANKS)


def _without_units(numbers: "pa.Array[Any]", column: Column) -> "pa.Array[Any]":
    if not bytes_of(numbers).tobytes().translate(None, PLAIN_NUMBER):
        return numbers
    numbers = pc.replace_substring_regex(numbers, "^([+-]?)¥ ?", r"\1")
    units = "|".join(map(re.escape, column.suffixes))
    return pc.replace_substring_regex(numbers, rf"^([+-]?\d.*?) ?({units})$", r"\1") if units else numbers
