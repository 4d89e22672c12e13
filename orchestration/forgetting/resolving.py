"""From one identifier to every account, identifier, token and order of a person, by lake and published accounts.

Belongs here: reading. Does not: what a person is (`person.py`), and erasing (`lake.py`, `inbox.py`, `published.py`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb

from orchestration.extract.casting import literal
from orchestration.extract.contracts import Contract, ContractKey
from orchestration.extract.lake import dataset_folder
from orchestration.extract.persons import (
    IDENTIFIERS,
    ORDERS,
    identifiers,
    is_about_people,
    platform,
    scope,
    several_tokens,
    tokens,
)
from orchestration.forgetting.person import Fact, ForgettingError, Person, Request
from orchestration.privacy.keys import BETWEEN, Keys, is_token

Facts = set[Fact]


def resolve(
    request: Request, contracts: Mapping[ContractKey, Contract], lake: Path, catalogue: Path, keys: Keys
) -> Person:
    """The person that the request names; nobody where it is unknown."""
    with duckdb.connect() as connection:
        sources = [source for contract in contracts.values() if (source := _source(connection, contract, lake))]
        customers = Customers(connection, catalogue)
        found = _named(request, sources, customers, keys)
        owners = customers.of(found.accounts)
        if request.kind == "phone" and len(owners) > 1:
            raise ForgettingError(
                f"Several customers hold this phone: {', '.join(map(str, sorted(owners)))}. "
                "Give --id customer:KEY for the one who is meant."
            )
        accounts = {*found.accounts, *customers.accounts(owners)}
        return _complete(request, found, accounts, tuple(sorted(owners)), sources)


@dataclass(frozen=True)
class Source:
    """The rows of one export in the lake, as far as they name somebody."""

    connection: duckdb.DuckDBPyConnection
    contract: Contract
    rows: str

    def columns(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if name in self.contract.lake_schema]

    def facts(self, where: str, parameters: Mapping[str, object] | None = None) -> "Found":
        """What the rows that satisfy a condition say."""
        ask = partial(self.distinct, where, parameters or {})
        own = platform(self.contract)
        hidden = set(tokens(self.contract))
        accounts = {fact for name in self.columns(["account_id"]) for fact in ask([own, "shop_id", name])}
        orders: Facts = set()
        for kind, name in ORDERS.items():
            for column in self.columns([name]):
                orders |= ask([literal(kind), own, scope(self.contract), column])
        stated = {fact for name, kind in identifiers(self.contract).items() for fact in ask([literal(kind), name])}
        if "id_value" in self.contract.lake_schema and "id_type" in self.contract.lake_schema:
            stated |= ask(["id_type", "id_value"])
        values = {value for name in sorted(hidden) for (cell,) in ask([name]) for value in str(cell).split(BETWEEN)}
        named = {fact for fact in stated if not is_token(fact[-1])}
        return Found(accounts, named, {value for value in values if is_token(value)}, orders)

    def distinct(self, where: str, parameters: Mapping[str, object], parts: list[str]) -> Facts:
        query = f"select distinct {', '.join(parts)} from {self.rows} where ({where}) and {parts[-1]} is not null"
        used = {name: value for name, value in parameters.items() if f"${name}" in query}
        return set(self.connection.execute(query, used).fetchall())


@dataclass
class Found:
    """What some rows say, collected."""

    accounts: Facts
    identifiers: Facts
    tokens: set[str]
    orders: Facts

    @classmethod
    def of(cls, several: Iterable["Found"]) -> "Found":
        whole = cls(set(), set(), set(), set())
        for one in several:
            whole.accounts |= one.accounts
            whole.identifiers |= one.identifiers
            whole.tokens |= one.tokens
            whole.orders |= one.orders
        return whole


class Customers:
    """Which accounts are one person, as published."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, catalogue: Path) -> None:
        self.connection = connection
        self.is_known = catalogue.is_file()
        if self.is_known:
            connection.execute(f"attach {literal(str(catalogue))} as published (read_only)")

    def of(self, accounts: Iterable[tuple[str, ...]]) -> set[int]:
        names = {"/".join(account) for account in accounts}
        return {key for key, account in self._all() if "/".join(account) in names} if names else set()

    def accounts(self, customers: set[int]) -> set[tuple[str, ...]]:
        return {account for key, account in self._all() if key in customers} if customers else set()

    def _all(self) -> Iterator[tuple[int, Fact]]:
        if self.is_known:
            rows = self.connection.execute(
                "select customer_key, platform, shop_id, account_id from published.marts.customer_accounts"
            )
            while batch := rows.fetchmany(100_000):
                yield from ((key, (own, shop, account)) for key, own, shop, account in batch)


def _source(connection: duckdb.DuckDBPyConnection, contract: Contract, lake: Path) -> Source | None:
    files = sorted(dataset_folder(lake, contract).glob("delivery_date=*/*.parquet"))
    if not files or not is_about_people(contract):
        return None
    listed = ", ".join(literal(str(file)) for file in files)
    return Source(connection, contract, f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)")


def _named(request: Request, sources: list[Source], customers: Customers, keys: Keys) -> Found:
    """The rows that bear the identifier itself."""
    if request.kind == "customer":
        return Found(customers.accounts({int(request.value)}), set(), set(), set())
    if request.kind == "account":
        account = tuple(request.value.split("/", 2))
        return _about_accounts(sources, {account})
    value = keys.token(request.value) if request.kind == "phone" else request.value
    found = Found.of(source.facts(_bears(source, request.kind), {"value": value}) for source in sources)
    if request.kind == "phone":
        found.tokens &= {value}
        return found
    found.identifiers &= {(request.kind, value)}
    return found


def _bears(source: Source, kind: str) -> str:
    if kind == "phone":
        names = source.columns(tokens(source.contract))
        return " or ".join(f"contains({name}, $value)" for name in names) or "false"
    conditions = [f"{name} = $value" for name, of in identifiers(source.contract).items() if of == kind]
    if "id_value" in source.contract.lake_schema and "id_type" in source.contract.lake_schema:
        conditions.append(f"(id_type = {literal(kind)} and id_value = $value)")
    return " or ".join(conditions) or "false"


def _about_accounts(sources: Iterable[Source], accounts: Facts) -> Found:
    """What the rows of these accounts say."""
    names = ["/".join(account) for account in accounts]
    return Found.of(source.facts(whose, {"names": names}) for source in sources if (whose := _is_own(source)))


def _is_own(source: Source) -> str | None:
    """The condition under which a row belongs to one of the accounts in `$names`."""
    if "account_id" not in source.contract.lake_schema:
        return None
    whole = f"concat_ws('/', {platform(source.contract)}, shop_id, account_id)"
    return f"account_id is not null and {whole} in (select unnest($names::varchar[]))"


def _borne_by_others(sources: Iterable[Source], accounts: Facts, values: set[str]) -> set[str]:
    """Which of these tokens and identifiers stand in rows of other accounts too."""
    parameters = {"names": ["/".join(account) for account in accounts], "values": sorted(values)}
    borne: set[str] = set()
    for source in sources:
        several = several_tokens(source.contract)
        for name in source.columns([*tokens(source.contract), *IDENTIFIERS, "id_value"]):
            if whose := _is_own(source):
                parts = f"string_split({name}, '{BETWEEN}')" if name in several else f"[{name}]"
                where = f"account_id is not null and not ({whose}) and list_has_any({parts}, $values::varchar[])"
                rows = source.distinct(where, parameters, [f"unnest({parts})", name])
                borne |= {value for value, _ in rows} & values
    return borne


def _of_orders(sources: Iterable[Source], orders: Facts) -> Found:
    """What the rows of these orders say: lines of an order whose buyer stands on its first line only."""
    names = ["/".join(order) for order in orders]
    found = []
    for source in sources:
        if columns := source.columns(["order_id"]):
            parts = f"concat_ws('/', 'order', {platform(source.contract)}, {scope(source.contract)}, {columns[0]})"
            found.append(source.facts(f"{parts} in (select unnest($names::varchar[]))", {"names": names}))
    return Found.of(found)


def _complete(
    request: Request, found: Found, accounts: Facts, customers: tuple[int, ...], sources: list[Source]
) -> Person:
    """Adds what the person's rows say; an identifier or phone that somebody else bears too stays theirs, unless it is
    the one that was given."""
    given = {token for token in found.tokens if request.kind == "phone"} | {
        value for kind, value in found.identifiers if kind == request.kind
    }
    own = Found.of([found, _about_accounts(sources, accounts)])
    values = own.tokens | {value for _, value in own.identifiers}
    theirs = _borne_by_others(sources, accounts, values) - given
    numbers = own.tokens - theirs
    by_number = Found.of(
        source.facts(_bears(source, "phone"), {"value": number}) for source in sources for number in numbers
    )
    orders = own.orders | by_number.orders
    return Person(
        accounts=tuple(sorted(accounts)),
        identifiers=tuple(sorted(fact for fact in own.identifiers if fact[-1] not in theirs)),
        tokens=tuple(sorted(numbers)),
        orders=tuple(sorted(orders | _of_orders(sources, orders).orders)),
        customers=customers,
        phone=request.value if request.kind == "phone" else None,
    )
