"""Who a customer is: its accounts, what makes them one person, and the delivered rows that say so.

Belongs here: reading that from the catalogue and the lake. Does not: deciding it (dbt), and printing.
"""

from collections.abc import Iterator

import duckdb

from orchestration.extract.casting import literal
from orchestration.extract.contracts import load_contracts
from orchestration.extract.lake import dataset_folder
from orchestration.extract.persons import ACCOUNTS, IDENTIFIERS, platform
from orchestration.publish.databases import answer
from orchestration.reported import FILES
from orchestration.settings import Settings
from orchestration.tables import Table

SECTIONS = {
    "Customer": """
select customer_key, first_order_date, last_order_date, order_count, net_amount, is_member_now, member_since_date,
    account_count
from marts.customers where customer_key = $key
""",
    "Accounts": """
select platform, shop_id, account_id, account_key
from marts.customer_accounts where customer_key = $key order by all
""",
    "Identifiers, and where they were delivered": f"""
select identifiers.id_type, identifiers.identifier_key as identifier, identifiers.account_id, identifiers.valid_from,
    identifiers.valid_to,
    case
        when identifiers.refused_reason is not null then 'joins nobody: ' || identifiers.refused_reason
        when identifiers.episode_key is null then 'nobody else holds it'
        else 'joins ' || (
            select count(distinct others.account_key) from marts.customer_identifiers as others
            where others.episode_key = identifiers.episode_key and others.refused_reason is null
        ) || ' accounts'
    end as edge,
    files.file_name as file, files.delivery_date as delivered, identifiers.line_number as row
from marts.customer_identifiers as identifiers
left join ({FILES}) as files on identifiers.content_hash = files.content_hash
where identifiers.customer_key = $key order by all
""",
    "Merged and split": """
select known_on, account_key, customer_key_before, customer_key_after
from audit.account_moves
where
    $key in (customer_key_before, customer_key_after)
    or account_key in (select account_key from marts.customer_accounts where customer_key = $key)
order by all
""",
}
# Rows that a newer one has superseded are here too; those of files that were taken back, which the lake keeps, are not.
DELIVERED = f"""
with accounts as (select platform, shop_id, account_id from marts.customer_accounts where customer_key = $key),
named as ({{rows}})
select platform, shop_id, account_id, named.dataset, files.file_name as file, files.delivery_date as delivered,
    count(distinct line_number) as row_count,
    array_to_string(list_sort(list(distinct line_number)), ', ') as rows
from accounts inner join named using (platform, shop_id, account_id) inner join ({FILES}) as files using (content_hash)
group by all order by all
"""
NAMED = """
select {platform} as platform, shop_id, {column} as account_id, {dataset} as dataset, content_hash, line_number
from read_parquet({files}, union_by_name = true, hive_partitioning = false)
"""
SUCCESSORS = """
select distinct accounts.customer_key
from audit.account_moves as moves
inner join marts.customer_accounts as accounts on moves.account_key = accounts.account_key
where moves.customer_key_before = $key order by 1
"""


class UnknownCustomerError(LookupError):
    """No customer of the catalogue has this key; the message says who holds its accounts now, if anybody does."""


def explain(settings: Settings, key: int) -> dict[str, Table]:
    """The customer's accounts, identifiers, changes and delivered rows, by title: column names and rows."""
    with duckdb.connect(str(settings.catalogue), read_only=True) as connection:
        require(connection, key)
        delivered = DELIVERED.format(rows=" union all ".join(_named(settings)))
        sections = SECTIONS | {"Delivered rows that name the accounts": delivered}
        return {title: answer(connection, sql, {"key": key}) for title, sql in sections.items()}


def require(connection: duckdb.DuckDBPyConnection, key: int) -> None:
    """Refuses a key that no customer has."""
    if not connection.execute("from marts.customers where customer_key = $key", {"key": key}).fetchall():
        raise UnknownCustomerError(_gone(connection, key))


def _named(settings: Settings) -> Iterator[str]:
    """Queries for what each column of the lake that may name an account holds."""
    for contract in load_contracts(settings.contract_directories).values():
        files = dataset_folder(settings.lake, contract) / "delivery_date=*" / "*.parquet"
        if any(settings.lake.glob(str(files.relative_to(settings.lake)))):
            for column in sorted({*ACCOUNTS, *IDENTIFIERS} & contract.loaded.keys()):
                yield NAMED.format(
                    platform=platform(contract),
                    column=column,
                    dataset=literal(f"{contract.platform}/{contract.dataset}"),
                    files=literal(str(files)),
                )


def _gone(connection: duckdb.DuckDBPyConnection, key: int) -> str:
    if now := [str(customer) for (customer,) in connection.execute(SUCCESSORS, {"key": key}).fetchall()]:
        return f"Customer {key} was merged; its accounts are now those of {', '.join(now)}."
    return f'No customer has the key {key}. Find one: siyu query "select * from marts.customer_accounts limit 5"'
