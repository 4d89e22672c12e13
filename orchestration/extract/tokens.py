"""Tokens in place of personal identifiers, column by column, before anything is stored.

Belongs here: which values of which rows become tokens, and what the others become.
Does not: what a token is (`orchestration/privacy`), and which columns are personal (the contracts).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.extract.casting import NUMERIC, SCIENTIFIC, UNUSABLE, WITH_DECIMALS, text_is_id
from orchestration.extract.contracts import Column, Contract, ContractError
from orchestration.privacy.keys import BETWEEN, Keys
from orchestration.privacy.phones import mainland_number, mainland_numbers

Hide = Callable[[str], str]
# What an id breaks, said without quoting it: a word that breaks the same rule takes its place.
STAND_INS = {SCIENTIFIC: "1E+1", WITH_DECIMALS: "1.0", "": "\x03"}


def tokenised(
    batches: Iterable[pa.RecordBatch], contract: Contract, keys: Keys | None, vaulted: dict[str, str]
) -> Iterator[pa.RecordBatch]:
    """The batches with every personal value replaced by its token. `vaulted` gains the values that are to be kept."""
    columns = {name: column for name, column in contract.loaded.items() if column.personal}
    if columns and keys is None:
        raise ContractError(f"personal: token on {', '.join(columns)} needs a pepper (docs/security.md).")
    return (_with_tokens(batch, columns, keys, vaulted) if keys and columns else batch for batch in batches)


def _with_tokens(
    batch: pa.RecordBatch, columns: dict[str, Column], keys: Keys, vaulted: dict[str, str]
) -> pa.RecordBatch:
    arrays = {name: batch.column(name) for name in batch.schema.names}
    for name, column in columns.items():
        if name in arrays:
            kept = vaulted if column.personal == "vault" else {}
            arrays[name] = _tokens(arrays, name, column, partial(_hidden, keys, kept))
    return pa.RecordBatch.from_pydict(arrays)


def _hidden(keys: Keys, kept: dict[str, str], value: str) -> str:
    token = keys.token(value)
    kept[token] = value
    return token


def _tokens(arrays: dict[str, "pa.Array[Any]"], name: str, column: Column, hide: Hide) -> "pa.Array[Any]":
    values = arrays[name]
    replaced = _each_once(values, lambda text: _token(text, column, hide))
    if not column.token_when:
        return replaced
    ((other, words),) = column.token_when.items()
    folded = pa.array([word.lower() for word in words], pa.string())
    return pc.if_else(pc.is_in(pc.utf8_lower(arrays[other]), value_set=folded), replaced, values)


def _each_once(values: "pa.Array[Any]", change: Hide) -> "pa.Array[Any]":
    encoded = values.dictionary_encode()
    changed = [None if text is None else change(str(text)) for text in encoded.dictionary.to_pylist()]
    return pa.array(changed, pa.string()).take(encoded.indices)


def _token(text: str, column: Column, hide: Hide) -> str:
    if text == NUMERIC:
        return text
    if column.several:
        return BETWEEN.join(map(hide, mainland_numbers(text))) or UNUSABLE
    if column.type == "phone" or column.token_when:
        number = mainland_number(text)
        return hide(number) if number else UNUSABLE
    if column.type == "id" and not text_is_id(text, column.pattern):
        return next(word for form, word in STAND_INS.items() if not form or re.fullmatch(form, text))
    return hide(text)
