"""What a search of every place finds after somebody was forgotten, and the paper about it.

Belongs here: looking and counting. Does not: removing anything. The paper holds counts and checksums, nobody's data.
"""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.audit import Audit
from orchestration.extract.casting import literal
from orchestration.extract.contracts import load_contracts
from orchestration.forgetting.inbox import Inbox
from orchestration.forgetting.lake import rows_in_lake
from orchestration.forgetting.person import Person
from orchestration.forgetting.published import pages_about, rows_in_lists, traces
from orchestration.privacy.keys import Keys
from orchestration.settings import Settings

TABLES = """
select schema_name || '.' || table_name, list(column_name)
from duckdb_columns() inner join duckdb_tables() using (database_name, schema_name, table_name)
where database_name = 'looked_at' group by all
"""


def rows_in_tables(database: Path, person: Person) -> int:
    """How many rows of any table name a customer or account of the person."""
    if not database.exists():
        return 0
    given = {"names": ["/".join(account) for account in person.accounts], "customers": list(person.customers)}
    total = 0
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(str(database))} as looked_at (read_only); use looked_at")
        for table, columns in connection.execute(TABLES).fetchall():
            conditions = []
            if "customer_key" in columns:
                conditions.append("customer_key in (select unnest($customers::bigint[]))")
            if {"platform", "shop_id", "account_id"} <= set(columns):
                whole = "concat_ws('/', platform, shop_id, account_id)"
                conditions.append(f"account_id is not null and {whole} in (select unnest($names::varchar[]))")
            if conditions:
                query = f"select count(*) from {table} where {' or '.join(conditions)}"
                used = {name: value for name, value in given.items() if f"${name}" in query}
                total += connection.execute(query, used).fetchall()[0][0]
    return total


def left_of(person: Person, settings: Settings, audit: Audit, keys: Keys) -> dict[str, int]:
    """What a search of every place still finds."""
    contracts = load_contracts(settings.contract_directories)
    inbox = Inbox(settings.inbox, contracts, audit, keys, person)
    return {
        "the lake (rows)": rows_in_lake(contracts, settings.lake, audit, keys),
        "delivered files (files)": len(inbox.left()),
        "the warehouse (rows)": sum(rows_in_tables(file, person) for file in settings.databases.values()),
        "the published catalogue (rows)": rows_in_tables(settings.catalogue, person),
        "lists (rows)": rows_in_lists(settings.audiences, person),
        "replays (rows)": sum(rows_in_tables(file, person) for file in settings.replays.glob("*/siyu.duckdb")),
        "quality pages (pages)": len(pages_about(settings, person)),
        "logs and scratch files (files)": len(list(traces(settings, person))),
    }


def write_proof(settings: Settings, file: Path, counts: dict[str, dict[str, int]], kind: str) -> None:
    """Counts and checksums, no personal data."""
    catalogue = settings.catalogue
    checksum = hashlib.sha256(catalogue.read_bytes()).hexdigest() if catalogue.exists() else None
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    told = {"asked_by": kind, "finished_at": moment, **counts, "catalogue_sha256": checksum}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(told, indent=2) + "\n")
