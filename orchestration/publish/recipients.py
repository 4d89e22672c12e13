"""Whom a list writes to: for each person on it the id that the destination of the channel knows.

Belongs here: choosing the id, and opening the vault where that is a phone. Does not: who is on a list
(`outputs.audience_members`), and the files (`uploads.py`).

Plain numbers and their hashes live in memory and in the files of a delivery, nowhere else: no table, manifest or log
holds them. A number that is not one person's alone on the list's day is nobody's here.
"""

import base64
import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import duckdb
import pyarrow as pa

from orchestration.audit import Audit
from orchestration.privacy.disclosure import plain_values
from orchestration.privacy.vault import Vault
from orchestration.publish.destinations import Destination

Key = tuple[str, date]  # a campaign and a day
READER = "publish"
RECORD = bytes.fromhex("0a4410061a40")  # a list of one item: type 6 (a phone's SHA-256), and an id of 64 bytes


def _sha256(phone: str) -> str:
    return hashlib.sha256(phone.encode()).hexdigest()


FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "sha256": _sha256,
    "md5": lambda phone: hashlib.md5(phone.encode(), usedforsecurity=False).hexdigest(),
    "sha256_record": lambda phone: base64.b64encode(RECORD + _sha256(phone).encode()).decode(),
}

# Every phone that an account holds at the end of the day. It has one at a time, as where accounts are joined: the next
# one ends the last, also where nobody says so.
NUMBERS = """
select held.customer_key, held.identifier_key, held.valid_from, held.refused_reason
from marts.customer_identifiers as held
inner join (
    select account_key, valid_from,
        lead(valid_from) over (partition by account_key order by valid_from nulls first) as next_from
    from marts.customer_identifiers where id_type = 'phone' group by account_key, valid_from
) as starts on held.account_key = starts.account_key and held.valid_from is not distinct from starts.valid_from
where held.id_type = 'phone'
    and (held.valid_from is null or cast(held.valid_from as date) <= $day)
    and (held.valid_to is null or cast(held.valid_to as date) > $day)
    and (starts.next_from is null or cast(starts.next_from as date) > $day)
"""
# One that is refused, or of several people, is nobody's.
HELD = f"""
with held as (
    select customer_key, identifier_key, max(valid_from) as valid_from,
        bool_or(refused_reason is not null) as is_refused
    from ({NUMBERS})
    group by customer_key, identifier_key
)
select identifier_key, customer_key, valid_from from held
qualify count(*) over (partition by identifier_key) = 1 and not is_refused
"""
# The number that a person got last, of those that the vault has.
CHOSEN = f"""
select customer_key, identifier_key from ({HELD}) inner join vaulted using (identifier_key)
qualify row_number() over (partition by customer_key order by valid_from desc nulls last, identifier_key) = 1
"""
# The orders of everybody on the list, and those of buyers whom nobody knows: no rule about persons speaks of them. A
# parcel that several campaigns have a note for is in the file of one of them, with all notes.
# The shop is not that of the account: a person has others, on other platforms too.
PARCELS = """
with own as (
    select customer_key, order_id, remark from listed
    where campaign_id = $campaign and as_of_date = $day and channel = $channel
), notes as (
    select * from outputs.audience_parcel_notes where as_of_date = $day
)
select customer_key, (
    select min(lines.shop_id) from marts.order_lines as lines
    where lines.order_id = own.order_id and lines.customer_key = own.customer_key
) as part, order_id, remark
from own anti join notes using (customer_key, order_id)
union
select customer_key, shop_id, order_id, remark from notes
where campaign_id = $campaign and channel = $channel
    and (customer_key is null or customer_key in (select customer_key from own))
order by all
"""
ON_CHANNEL = """
from listed where campaign_id = $campaign and as_of_date = $day and channel = $channel
"""


def identifier_key(token: str) -> int:
    """The key that `marts.customer_identifiers` gives a phone: the macro `surrogate_key` of type, platform, shop and
    value, the middle two empty since a phone is the same in the whole brand."""
    text = "\x1f".join(("phone", "", "", token))
    return int(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:15], 16)


@dataclass(frozen=True)
class Phones:
    """What the vault has, found by the keys of the tables."""

    vault: Vault | None
    audit: Audit

    @cached_property
    def tokens(self) -> dict[int, str]:
        return {identifier_key(token): token for token in self.vault.tokens()} if self.vault else {}

    def plain(self, keys: Iterable[int], purpose: str) -> dict[int, str]:
        """The numbers of these keys; reading them is logged."""
        tokens = {key: self.tokens[key] for key in keys if key in self.tokens}
        if not tokens or not self.vault:
            return {}
        values = plain_values(self.vault, self.audit, tokens.values(), READER, purpose)
        return {key: values[token] for key, token in tokens.items() if token in values}


def kept_numbers(vault: Vault, audit: Audit, tokens: Collection[str], reader: str, purpose: str) -> tuple[str, ...]:
    """The numbers that the vault has of these tokens."""
    own = set(tokens) & set(vault.tokens())
    return tuple(sorted(plain_values(vault, audit, own, reader, purpose).values())) if own else ()


def phone_forms(numbers: Collection[str]) -> set[str]:
    """Every form that a file can hold a number in."""
    return {form(number) for number in numbers for form in FORMS.values()}


@dataclass(frozen=True)
class Recipients:
    """The rows of one channel of a list: the part that each goes into, and its values, the id first, null where the
    person has none. `disclosed`: id → key of the phone behind it, by which the check of the bytes finds whose it is."""

    rows: list[tuple[str | None, tuple[Any, ...]]]
    disclosed: Mapping[str, int] = field(default_factory=dict)


def recipients(
    connection: duckdb.DuckDBPyConnection, phones: Phones, key: Key, channel: str, to: Destination
) -> Recipients:
    """Everybody on this channel of a list, as the destination wants them."""
    own = "account_id" if to.id_type == "account" else "cast(null as varchar)"
    columns = ["customer_key", to.divided_by or "''", own, *(column.name for column in to.columns[1:])]
    given = {"campaign": key[0], "day": key[1], "channel": channel}
    query = PARCELS if to.id_type == "order" else f"select {', '.join(columns)} {ON_CHANNEL} order by all"
    rows = connection.execute(query, given).fetchall()
    if to.id_type != "phone":
        return Recipients([(part, tuple(cells)) for _, part, *cells in rows])
    keys = _chosen(connection, phones, given)
    numbers = phones.plain(keys.values(), f"{key[0]} of {key[1]} by {channel}")
    ids = {customer: FORMS[to.form](numbers[phone]) for customer, phone in keys.items() if phone in numbers}
    return Recipients(
        [(part, (ids.get(customer), *cells)) for customer, part, _, *cells in rows],
        {ids[customer]: phone for customer, phone in keys.items() if customer in ids},
    )


def _chosen(connection: duckdb.DuckDBPyConnection, phones: Phones, given: dict[str, Any]) -> dict[int, int]:
    """Customer → key of the phone, for everybody on this channel of a list who has a number of their own."""
    connection.register("vaulted", pa.table({"identifier_key": pa.array(list(phones.tokens), pa.int64())}))
    own = (
        f"select customer_key, identifier_key from ({CHOSEN}) where customer_key in (select customer_key {ON_CHANNEL})"
    )
    found = dict(connection.execute(own, given).fetchall())
    connection.unregister("vaulted")
    return found
