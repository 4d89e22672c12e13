"""By what somebody who was forgotten is recognised: a token, or the keyed hash of an account, an identifier, an order.

Belongs here: making a mark, in Python and in SQL, and carrying it to another pepper. Does not: in which columns of an
export marks are looked for (`extract/persons.py`). Only marks are kept of somebody forgotten; they give nothing away.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

import duckdb

from orchestration.privacy.keys import Keys, is_token

SEPARATOR = "chr(31)"


def mark(parts: Sequence[str], keys: Keys) -> str:
    """The keyed hash of what the parts name, null where one of them is: SQL."""
    expression = f" || {SEPARATOR} || ".join(parts)
    for place in range(len(keys.salts)):
        expression = f"sha256(getvariable('salt_{place}') || {expression})"
    return expression


def learn(connection: duckdb.DuckDBPyConnection, keys: Keys, forgotten: Sequence[str]) -> None:
    """Gives a connection the salts and the marks of everybody forgotten, as the table `tombstones`."""
    for place, salt in enumerate(keys.salts):
        connection.execute(f"set variable salt_{place} = ?", [salt])
    connection.execute("create or replace temp table tombstones (mark varchar)")
    if forgotten:
        connection.execute("insert into tombstones select unnest(?::varchar[])", [list(forgotten)])


def carried_mark(before: str, keys: Keys) -> str:
    """The mark that these keys give where the keys before them gave this one."""
    return (
        keys.carried(before) if is_token(before) else hashlib.sha256(f"{keys.salts[-1]}{before}".encode()).hexdigest()
    )


def digest(parts: Sequence[Any], keys: Keys) -> str:
    """The same mark as `mark` gives, of values."""
    text = chr(31).join(map(str, parts))
    for salt in keys.salts:
        text = hashlib.sha256(f"{salt}{text}".encode()).hexdigest()
    return text
