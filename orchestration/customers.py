"""Who a customer is: its accounts, what makes them one person, and the delivered rows that say so.

Belongs here: reading that from the catalogue. Does not: deciding it (dbt), and printing.
"""

from pathlib import Path

import duckdb

from orchestration.publish.databases import answer
from orchestration.reported import FILES
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
SUCCESSORS = """
select distinct accounts.customer_key
from audit.account_moves as moves
inner join marts.customer_accounts as accounts on moves.account_key = accounts.account_key
where moves.customer_key_before = $key order by 1
"""


class UnknownCustomerError(LookupError):
    """No customer of the catalogue has this key; the message says who holds its accounts now, if anybody does."""


def explain(catalogue: Path, key: int) -> dict[str, Table]:
    """The customer's accounts, identifiers and changes, by title: column names and rows."""
    with duckdb.connect(str(catalogue), read_only=True) as connection:
        if not connection.execute("from marts.customers where customer_key = $key", {"key": key}).fetchall():
            raise UnknownCustomerError(_gone(connection, key))
        return {title: answer(connection, sql, {"key": key}) for title, sql in SECTIONS.items()}


def _gone(connection: duckdb.DuckDBPyConnection, key: int) -> str:
    if now := [str(customer) for (customer,) in connection.execute(SUCCESSORS, {"key": key}).fetchall()]:
        return f"Customer {key} was merged; its accounts are now those of {', '.join(now)}."
    return f'No customer has the key {key}. Find one: siyu query "select * from marts.customer_accounts limit 5"'
