"""Which rows a later delivery brought or altered, and whom and which days they concern.

Belongs here: comparing staging row by row between two builds. Does not: what follows from it (`difference.py`).
"""

from collections.abc import Mapping, Sequence, Set

import duckdb
import pyarrow as pa

from orchestration.transform.beside import Build, key_columns

# What says how a row came, and what nothing reads.
WITHOUT_EFFECT = {"versioned_at", "delivered_date", "content_hash", "line_number"}
# What lists alone read (orders not paid, parcels not shipped, birthdays): a restated status changes no figure.
OF_LISTS = {"order_status", "shipped_at", "completed_at", "birthday"}
# Dates under which nothing is counted.
NOT_COUNTED = WITHOUT_EFFECT | OF_LISTS | {"created_at"}
DATES = ("DATE", "TIMESTAMP")

CHANGES = """
create temp table changes (
    file varchar, staging_table varchar, customer_key varchar, platform varchar, shop_id varchar, event_date date,
    campaign_id varchar, concerns_nobody boolean, concerns_lists_alone boolean
)
"""
# Whose accounts and lines these are and were: whoever became another customer is concerned as both.
HOLDERS = """
create temp view held_accounts as
select platform, shop_id, account_id, customer_key from finished.marts.customer_accounts
union all
select platform, shop_id, account_id, customer_key from earlier_finished.marts.customer_accounts;
create temp view held_lines as
from finished.marts.order_lines
union all by name
from earlier_finished.marts.order_lines
"""
# Both versions of every row that is new or altered: who or what it spoke of before is concerned too.
VERSIONS = """
create or replace temp table versions as
select file, concerns_lists_alone, {columns}
from (
    select files.file, unnest([later, earlier]) as version, not ({is_counted}) as concerns_lists_alone
    from warehouse.staging.{table} as later
    inner join files on later.content_hash = files.content_hash
    left join earlier.staging.{table} as earlier on {same_key}
    where {is_altered}
)
where version.content_hash is not null
"""
OF_ACCOUNTS = """
select versions.file, versions.concerns_lists_alone, accounts.customer_key, null as campaign_id,
    versions.platform, versions.shop_id, {dates} as dates
from versions
left join held_accounts as accounts
    on versions.account_id = accounts.account_id
    and versions.platform in (accounts.platform, 'generic') and versions.shop_id in (accounts.shop_id, 'default')
"""
OF_ORDERS = """
select versions.file, versions.concerns_lists_alone, lines.customer_key, null as campaign_id, lines.platform,
    lines.shop_id, list_append({dates}, lines.paid_date) as dates
from versions
left join held_lines as lines
    on versions.platform = lines.platform and versions.{identifier} = lines.{identifier}
where {is_named}
"""
OF_NOBODY = """
select file, concerns_lists_alone, null as customer_key, {campaign_id} as campaign_id, null as platform,
    null as shop_id, {dates} as dates
from versions
"""
RECORD = """
insert into changes
select distinct file, '{table}', cast(customer_key as varchar), platform, shop_id,
    unnest(case when len(list_distinct(dates)) = 0 then [null::date] else list_distinct(dates) end), campaign_id,
    {concerns_nobody}, concerns_lists_alone
from ({found})
"""


def record_changes(connection: duckdb.DuckDBPyConnection, then: Build, now: Build, files: Mapping[str, str]) -> None:
    """Fills the table `changes` of a connection that reads the later build; `files` by the contents only it holds."""
    contents = {"content_hash": list(files), "file": list(files.values())}
    connection.register("files", pa.table(contents, pa.schema({name: pa.string() for name in contents})))
    for name, database in {"earlier": "warehouse", "earlier_finished": "finished"}.items():
        file = str(then.databases[database]).replace("'", "''")
        connection.execute(f"attach '{file}' as {name} (read_only)")
    connection.execute(CHANGES)
    connection.execute(HOLDERS)
    for table, key in sorted(key_columns(now.manifest).items()):
        layer, _, name = table.partition(".")
        if layer == "staging":
            described = connection.execute(f"describe warehouse.staging.{name}").fetchall()
            columns = {row[0]: row[1] for row in described}
            if "content_hash" in columns:  # no seed
                _record(connection, name, key, columns)


def _record(connection: duckdb.DuckDBPyConnection, table: str, key: Sequence[str], columns: Mapping[str, str]) -> None:
    connection.execute(
        VERSIONS.format(
            table=table,
            columns=", ".join(f"version.{name} as {name}" for name in columns),
            same_key=" and ".join(f"later.{name} = earlier.{name}" for name in key),
            is_altered=_is_altered(columns.keys() - WITHOUT_EFFECT),
            is_counted=_is_altered(columns.keys() - WITHOUT_EFFECT - OF_LISTS),
        )
    )
    queries, concerns_nobody = _parties(columns)
    dates = [name for name, kind in columns.items() if kind.startswith(DATES) and name not in NOT_COUNTED]
    listed = f"[{', '.join(f'versions.{name}::date' for name in dates)}]::date[]"
    for query in queries:
        found = query.format(dates=listed)
        connection.execute(RECORD.format(table=table, found=found, concerns_nobody=concerns_nobody))


def _is_altered(columns: Set[str]) -> str:
    return " or ".join(f"later.{name} is distinct from earlier.{name}" for name in sorted(columns))


def _parties(columns: Mapping[str, str]) -> tuple[list[str], bool]:
    """The queries that say whom the rows concern, and whether it is nobody in particular."""
    if {"platform", "shop_id", "account_id"} <= columns.keys():
        return [OF_ACCOUNTS], False
    named = [name for name in ("order_line_id", "order_id") if name in columns]
    if not named:
        campaign = "campaign_id" if "campaign_id" in columns else "null"
        return [OF_NOBODY.replace("{campaign_id}", campaign)], True
    queries = [OF_ORDERS.replace("{identifier}", named[0]).replace("{is_named}", f"versions.{named[0]} is not null")]
    if len(named) > 1:
        last = OF_ORDERS.replace("{identifier}", named[1]).replace("{is_named}", f"versions.{named[0]} is null")
        queries.append(last)
    return queries, False
