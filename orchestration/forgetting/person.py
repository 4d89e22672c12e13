"""A person as the rows know them, and the request that names one.

Belongs here: what is remembered of somebody forgotten, and what must not be found any more. Does not: finding out who
is meant (`resolving.py`). A `Person` is plain, and lives as long as the command; sealed, if that is broken off.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from orchestration.extract.persons import IDENTIFIERS
from orchestration.privacy.keys import Keys
from orchestration.privacy.marks import digest
from orchestration.privacy.phones import mainland_number

KINDS = ("phone", "account", *dict.fromkeys(IDENTIFIERS.values()), "customer")
SHORTEST_WORD = 6
Fact = tuple[str, ...]  # what a value names, then the value


class ForgettingError(ValueError):
    """Nobody can be forgotten by this request. The message repeats nothing of it."""


@dataclass(frozen=True)
class Person:
    """Everything by which rows are known to be this person's."""

    accounts: tuple[Fact, ...] = ()  # platform, shop, account id
    identifiers: tuple[Fact, ...] = ()  # type, value
    tokens: tuple[str, ...] = ()
    orders: tuple[Fact, ...] = ()  # kind, platform, scope, id
    customers: tuple[int, ...] = ()
    phone: str | None = None
    phones: tuple[str, ...] = ()  # what the vault has of them, to find it in files that were handed out

    @property
    def is_nobody(self) -> bool:
        return not (self.accounts or self.identifiers or self.tokens)

    def marks(self, keys: Keys) -> list[str]:
        """What later rows are recognised by."""
        hashed = [("account", *account) for account in self.accounts] + [*self.identifiers, *self.orders]
        return [*self.tokens, *(digest(parts, keys) for parts in hashed)]

    @cached_property
    def pattern(self) -> "re.Pattern[bytes]":
        """Finds what must not stand anywhere any more."""
        return _whole_words(re.escape(word).encode() for word in self.words)

    @cached_property
    def phone_pattern(self) -> "re.Pattern[bytes]":
        """Finds the phone, where it is known, as people write it."""
        return _whole_words([rb"[ -]?".join(digit.encode() for digit in self.phone)] if self.phone else [])

    @cached_property
    def words(self) -> list[str]:
        """The plain values; what is too short would be found in everything."""
        named = {self.phone or "", *self.phones, *self.tokens, *map(str, self.customers)}
        named |= {parts[-1] for parts in (*self.accounts, *self.identifiers, *self.orders)}
        return sorted(word for word in named if len(word) >= SHORTEST_WORD)

    def as_json(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Person":
        told: dict[str, Any] = json.loads(text)
        lists = {name: tuple(tuple(v) if isinstance(v, list) else v for v in told[name] or ()) for name in told}
        return cls(**{**lists, "phone": told["phone"]})


def _whole_words(words: Iterable[bytes]) -> "re.Pattern[bytes]":
    """Matches one of the words where it is no part of a longer id; without words, nowhere."""
    return re.compile(rb"(?<![0-9A-Za-z])(?:86)?(?:" + (b"|".join(words) or rb"(?!)") + rb")(?![0-9A-Za-z_-])")


@dataclass(frozen=True)
class Request:
    """TYPE:VALUE, as given."""

    kind: str
    value: str

    @classmethod
    def of(cls, text: str) -> "Request":
        kind, _, value = text.strip().partition(":")
        if kind not in KINDS or not value.strip():
            raise ForgettingError(f"Give --id TYPE:VALUE; TYPE is {', '.join(KINDS)}; account:<platform>/<shop>/<id>.")
        if kind == "phone":
            value = mainland_number(value) or ""
        if not value or (kind == "account" and value.count("/") < 2) or (kind == "customer" and not _is_key(value)):
            raise ForgettingError(f"The value is not one of type {kind}.")
        return cls(kind, value.strip())

    def as_person(self, keys: Keys) -> Person:
        """What the request alone says."""
        if self.kind == "phone":
            return Person(tokens=(keys.token(self.value),), phone=self.value)
        if self.kind == "customer":
            return Person(customers=(int(self.value),))
        parts = tuple(self.value.split("/", 2))
        return Person(accounts=(parts,)) if self.kind == "account" else Person(identifiers=((self.kind, self.value),))

    def mark(self, keys: Keys) -> str:
        return digest(("request", self.kind, self.value), keys)


def _is_key(value: str) -> bool:
    return value.strip().lstrip("-").isdigit()
