"""Who has withdrawn since a list's day, and is not newly put on it: what is known when a list is handed out counts.

Belongs here: leaving them out before anything is written. Does not: who is on a list by what was known on its day
(`outputs.audience_members`).
"""

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import duckdb

from orchestration.publish.destinations import AUDIENCE_LIST
from orchestration.publish.forbidden import CONSENTED, Key
from orchestration.publish.manifests import MEMBERS

WITHDRAWN = f"""
with people as (
    select distinct campaign_id, as_of_date, coalesce(channel, '') as channel, customer_key,
        $is_new::boolean as is_new
    from outputs.audience_members where as_of_date in (select unnest($days::date[]))
),
{CONSENTED}
select distinct campaign_id, as_of_date, customer_key from consented where is_withdrawn
"""
LISTED = f"""
create temp view listed as
select {", ".join(column.name for column in AUDIENCE_LIST)}
from outputs.audience_members anti join withheld using (campaign_id, as_of_date, customer_key)
"""


def withhold(
    connection: duckdb.DuckDBPyConnection, audiences: Path, days: Sequence[date], delivered: set[Key]
) -> dict[Key, int]:
    """Leaves the view `listed`: the members but those who have withdrawn and are on no delivered list, which never
    changes. Returns how many are left out, by list."""
    withdrawn: dict[Key, set[int]] = {}
    # Whoever had withdrawn on the day already should be on no list: that is for the check to stop, not for us to hide.
    on_day, since = (
        {*connection.execute(WITHDRAWN, {"days": list(days), "is_new": new}).fetchall()} for new in (False, True)
    )
    for name, day, customer_key in since - on_day:
        withdrawn.setdefault((name, day), set()).add(customer_key)
    for key in delivered & withdrawn.keys():
        withdrawn[key] -= set(_customers(audiences / key[0] / key[1].isoformat() / MEMBERS))
    connection.execute("create temp table withheld (campaign_id varchar, as_of_date date, customer_key bigint)")
    if rows := [(*key, customer) for key, customers in withdrawn.items() for customer in customers]:
        connection.executemany("insert into withheld values (?, ?, ?)", rows)
    connection.execute(LISTED)
    return {key: len(customers) for key, customers in withdrawn.items()}


def _customers(file: Path) -> Iterator[int]:
    if file.is_file():
        with file.open(encoding="utf-8", newline="") as stream:
            yield from (int(row["customer_key"]) for row in csv.DictReader(stream) if row["customer_key"].isdigit())
