"""The vault: plain phones that a delivery needs, each under its person's own key, and the peppers that were replaced.

One SQLite file, `$SIYU_HOME/vault/vault.sqlite`, for its owner only. A person is a token; the person's key is wrapped
by one derived from the pepper, and deleting it makes the value unreadable. Belongs here: writing, forgetting, carrying
over to another pepper. Does not: reading, which is for a delivery alone (`disclosure.py`).
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestration.privacy.keys import Keys
from orchestration.privacy.sealing import derived, new_key, seal, unseal

SCHEMA = """
create table if not exists people (person text primary key, data_key blob not null);
create table if not exists phones (person text primary key references people, sealed blob not null);
create table if not exists peppers (place integer primary key, sealed blob not null);
"""
REPLACED = "replaced pepper"


@dataclass(frozen=True)
class Vault:
    """The file and the keys it is read with."""

    file: Path
    keys: Keys

    @property
    def master(self) -> bytes:
        return derived(self.keys.chain[-1], "vault")

    def store(self, values: Mapping[str, str]) -> None:
        """Keeps the plain value of each token; what is kept already stays."""
        with opened(self.file) as connection:
            known = {person for (person,) in connection.execute("select person from phones")}
            fresh = {token: new_key() for token in values if token not in known}
            connection.executemany(
                "insert or replace into people values (?, ?)",
                ((token, seal(self.master, key, token)) for token, key in fresh.items()),
            )
            connection.executemany(
                "insert or replace into phones values (?, ?)",
                ((token, seal(key, values[token].encode(), token)) for token, key in fresh.items()),
            )

    def tokens(self) -> list[str]:
        """Whose values are kept; it is no reading of them."""
        if not self.file.exists():
            return []
        with opened(self.file) as connection:
            return [token for (token,) in connection.execute("select person from phones order by person")]

    def forget(self, tokens: Iterable[str]) -> int:
        """Destroys the keys of these people, and the values. Returns how many there were."""
        if not self.file.exists():
            return 0
        people = [(token,) for token in tokens]
        with opened(self.file) as connection:
            count = connection.executemany("delete from people where person = ?", people).rowcount
            connection.executemany("delete from phones where person = ?", people)
        return max(count, 0)

    def carry_over(self, new: Keys) -> None:
        """Wraps every key anew, under the tokens that the new keys give. One transaction."""
        there = Vault(self.file, new)
        with opened(self.file) as connection:
            for person, wrapped in connection.execute("select person, data_key from people").fetchall():
                key, token = self.unwrapped(person, wrapped), new.carried(person)
                (sealed,) = connection.execute("select sealed from phones where person = ?", [person]).fetchone()
                value = unseal(key, sealed, person) if key else None
                connection.execute("delete from phones where person = ?", [person])
                connection.execute("delete from people where person = ?", [person])
                if key and value is not None:
                    connection.execute("insert into people values (?, ?)", [token, seal(there.master, key, token)])
                    connection.execute("insert into phones values (?, ?)", [token, seal(key, value, token)])
            connection.execute("delete from peppers")
            connection.executemany(
                "insert into peppers values (?, ?)",
                [(place, seal(there.master, key, REPLACED)) for place, key in enumerate(new.chain[:-1])],
            )

    def unwrapped(self, person: str, wrapped: bytes) -> bytes | None:
        return unseal(self.master, wrapped, person)


def replaced_peppers(file: Path, pepper: bytes) -> list[bytes]:
    """The peppers before this one, oldest first; none where this one does not open them."""
    if not file.exists():
        return []
    with opened(file) as connection:
        rows = connection.execute("select sealed from peppers order by place").fetchall()
    found = [unseal(derived(pepper, "vault"), sealed, REPLACED) for (sealed,) in rows]
    return [key for key in found if key is not None]


@contextmanager
def opened(file: Path) -> Iterator[sqlite3.Connection]:
    """One transaction. What is deleted is overwritten."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.parent.chmod(0o700)
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))
    connection = sqlite3.connect(file, timeout=60)
    try:
        connection.execute("pragma secure_delete = on")
        connection.executescript(SCHEMA)
        with connection:
            yield connection
    finally:
        connection.close()
