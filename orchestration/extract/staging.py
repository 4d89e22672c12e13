"""The rows of one file, typed, in a table of their own while it is decided what becomes of them.

Belongs here: where that table lives, and filling it from a file. Does not: the decisions (`ledger.py`), the lake.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import duckdb

from orchestration.extract.casting import staging_query
from orchestration.extract.cleaning import cleaned
from orchestration.extract.contracts import Contract
from orchestration.extract.ledger import row_hash
from orchestration.extract.readers import Source
from orchestration.extract.recognise import Refused
from orchestration.extract.tokens import tokenised
from orchestration.privacy.keys import Keys

_numbers = count()


@contextmanager
def workspace(connection: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor with a database of its own in memory, compressed as a temporary table is not: less is spilled."""
    name = f"file_{next(_numbers)}"
    with connection.cursor() as cursor:
        cursor.execute(f"attach ':memory:' as {name} (compress)")
        cursor.execute(f"use {name}")
        try:
            yield cursor
        finally:
            cursor.execute("use memory")
            cursor.execute(f"detach {name}")


def stage(
    cursor: duckdb.DuckDBPyConnection, source: Source, contract: Contract, shop: str | None, keys: Keys | None
) -> dict[str, str]:
    """Streams the file into the table `staged`, typed; returns the values that the vault is to keep, by token.

    The engine's messages may quote values: they stay here.
    """
    vaulted: dict[str, str] = {}
    source.batches = tokenised(cleaned(source.batches, contract), contract, keys, vaulted)
    query = staging_query(contract, list(source.header.columns), list(source.header.parameters), shop, "delivered")
    hashed = row_hash(contract, source.header.columns)
    cursor.register("delivered", source.reader())
    try:
        cursor.execute(f"create table staged as select *, {hashed} as row_hash from ({query})")
    except duckdb.Error as error:
        if isinstance(source.failure, Refused):
            raise source.failure from None
        cause = type(source.failure or error).__name__
        raise RuntimeError(f"{contract.platform}/{contract.dataset}: reading failed: {cause}") from None
    finally:
        cursor.unregister("delivered")
    return vaulted
