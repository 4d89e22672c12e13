"""Keyed tokens (HMAC-SHA256) in place of personal identifiers that a contract wants to be able to compare.

Belongs here: turning a column of text into tokens before anything is stored.
Does not: deciding which columns are personal.
"""

import hmac
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

from orchestration.extract.contracts import ContractError

SHORTEST_KEY = 32


def tokenised(batches: Iterable[pa.RecordBatch], columns: Sequence[str], key: bytes | None) -> Iterator[pa.RecordBatch]:
    """The batches with every value of the columns replaced by its token."""
    if columns and (key is None or len(key) < SHORTEST_KEY):
        names = ", ".join(columns)
        raise ContractError(
            f"personal: token on {names} needs a key: set SIYU_PEPPER to at least {SHORTEST_KEY} characters."
        )
    return (_with_tokens(batch, columns, key or b"") for batch in batches)


def _with_tokens(batch: pa.RecordBatch, columns: Sequence[str], key: bytes) -> pa.RecordBatch:
    arrays = {
        name: _tokens(batch.column(name), key) if name in columns else batch.column(name) for name in batch.schema.names
    }
    return pa.RecordBatch.from_pydict(arrays, schema=batch.schema)


def _tokens(values: pa.Array, key: bytes) -> pa.Array:
    encoded = values.dictionary_encode()
    tokens = pa.array([token(str(value), key) for value in encoded.dictionary.to_pylist()], pa.string())
    return tokens.take(encoded.indices)


def token(value: str, key: bytes) -> str:
    """The same token for the same identifier, whatever its width, case or leading apostrophe."""
    plain = unicodedata.normalize("NFKC", value).lstrip("'").casefold()
    return hmac.digest(key, plain.encode(), "sha256").hex()
