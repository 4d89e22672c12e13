"""The one blocking check: nobody is on a list who must not be, in the very bytes that are about to be shown.

Belongs here: reading files back, and whose each id is. Does not: who must not be on it (`forbidden.py`), and deciding
who is (`outputs.audience_decisions`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.privacy.keys import Keys
from orchestration.publish import machine_files
from orchestration.publish.channels import Rules
from orchestration.publish.databases import answer
from orchestration.publish.destinations import AUDIENCE_LIST
from orchestration.publish.forbidden import Key, forbidden
from orchestration.publish.kept import REMOVE, kept
from orchestration.publish.recipients import NUMBERS
from orchestration.publish.uploads import Upload

HANDED = """
create or replace temp table handed (campaign_id varchar, as_of_date date, channel varchar, customer_key bigint,
    is_new boolean, is_on_list boolean)
"""
MEMBERS = """
insert into handed
select written.campaign_id, written.as_of_date, list.channel, try_cast(list.customer_key as bigint),
    written.is_new, true
from read_csv($files, filename = true, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',
    columns = $columns) as list
inner join written on list.filename = written.filename
"""
COUNTED = """
select campaign_id, as_of_date, count(*), count(distinct customer_key) from handed where is_on_list group by all
"""
# Whose an id is: of every person who holds it, on the day where that changes.
ON_ACCOUNT = """
select customer_key from marts.customer_accounts as accounts
where accounts.account_id = ids.id and accounts.platform = coalesce($platform::varchar, accounts.platform)
    and accounts.shop_id = coalesce($shop::varchar, accounts.shop_id)
"""
ON_ORDER = "select distinct customer_key from marts.order_lines where order_lines.order_id = ids.id"
NO_ORDER = "select count(*) from ids anti join marts.order_lines as lines on ids.id = lines.order_id"
ON_PHONE = f"""
select distinct customer_key from ({NUMBERS}) as numbers where numbers.identifier_key = ids.identifier_key
"""


@dataclass(frozen=True)
class Handed:
    """A list that is about to be shown: its members' file, and what its channels are handed, below a folder."""

    key: Key
    members: Path
    is_new: bool
    folder: Path
    uploads: Sequence[Upload] = ()


@dataclass(frozen=True)
class Found:
    """What the very bytes of a list hold. `wrong` names the sets that somebody of it is in, with how many."""

    rows: int = 0
    customers: int = 0
    wrong: str | None = None


def read_back(
    connection: duckdb.DuckDBPyConnection, lists: Sequence[Handed], rules: Rules, keys: Keys | None
) -> dict[Key, Found]:
    """What the files of these lists hold, and who of it must not be there."""
    if not lists:
        return {}
    connection.execute(HANDED)
    _read_members(connection, lists)
    broken = {one.key: reason for one in lists if (reason := _read_uploads(connection, one))}
    wrong = forbidden(connection, rules, keys)
    counted = connection.execute(COUNTED).fetchall()
    found = {(name, day): Found(rows, people, wrong.get((name, day))) for name, day, rows, people in counted}
    return found | {key: Found(wrong=reason) for key, reason in broken.items()}


def _read_members(connection: duckdb.DuckDBPyConnection, lists: Sequence[Handed]) -> None:
    columns = ("filename", "campaign_id", "as_of_date", "is_new")
    values = zip(*((str(one.members), *one.key, one.is_new) for one in lists), strict=True)
    connection.register("written", pa.table(dict(zip(columns, map(list, values), strict=True))))
    parameters = {
        "files": [str(one.members) for one in lists],
        "columns": {column.name: "VARCHAR" for column in AUDIENCE_LIST},
    }
    connection.execute(MEMBERS, parameters)
    connection.unregister("written")


def _read_uploads(connection: duckdb.DuckDBPyConnection, one: Handed) -> str | None:
    """Adds whose the ids of all files are. Returns what is wrong with a file, or that an id is nobody's."""
    for upload in one.uploads:
        for said in upload.said["files"]:
            file = one.folder / said["file"]
            try:
                header, rows = machine_files.read(file)
            except machine_files.BrokenFileError as error:
                return str(error)
            reason = _malformed(upload, file, said["rows"], header, rows)
            if said["kind"] == REMOVE:
                reason = reason or _wrongly_removed(one, upload, said["part"], rows)
            else:
                reason = reason or _unknown(connection, one.key, upload, said["part"], rows)
            if reason:
                return f"{upload.said['channel']}: {reason}"
    return None


def _wrongly_removed(one: Handed, upload: Upload, part: str, rows: Sequence[machine_files.Row]) -> str | None:
    """A file of removals tells a destination of nobody whom it was not told of, and of nobody who is on the list."""
    before = kept(one.members.parent.parent, one.key[1], upload.said)
    ids = {row[0] for row in rows}
    unheard = len(ids - before.ids.get(part, frozenset())) if before else len(ids)
    listed = len(ids & upload.ids.get(part, frozenset()))
    return f"{unheard} ids to remove were never handed out, {listed} are on the list" if unheard or listed else None


def _malformed(
    upload: Upload, file: Path, promised: int, header: Sequence[str], rows: Sequence[machine_files.Row]
) -> str | None:
    """A machine file holds what its patterns allow, and nothing else."""
    columns = upload.channel.limits.columns
    if len(rows) != promised or (header and header != [column.name for column in columns]):
        return f"{file.name} holds {len(rows)} rows, not {promised}, or another header"
    wrong = sum(
        len(row) != len(columns)
        or any(column.pattern and not column.pattern.fullmatch(cell) for column, cell in zip(columns, row, strict=True))
        for row in rows
    )
    return f"{wrong} rows of {file.name} are not what its columns allow" if wrong else None


def _unknown(
    connection: duckdb.DuckDBPyConnection, key: Key, upload: Upload, part: str, rows: Sequence[machine_files.Row]
) -> str | None:
    to = upload.channel.limits
    ids = [row[0] for row in rows]
    phones = pa.array([upload.disclosed.get(one) for one in ids], pa.int64())
    connection.register("ids", pa.table({"id": pa.array(ids, pa.string()), "identifier_key": phones}))
    given = {
        "platform": upload.channel.platform,
        "shop": part if to.divided_by == "shop_id" else None,
        "day": key[1],
        "campaign": key[0],
        "channel": upload.said["channel"],
    }
    whose = {"account": ON_ACCOUNT, "order": ON_ORDER, "phone": ON_PHONE}[to.id_type]
    query = f"""
        insert into handed select $campaign, $day, $channel, owner.customer_key, true, false
        from ids left join lateral ({whose}) as owner on true returning customer_key
    """
    _, owners = answer(connection, query, given)
    nobodys = sum(owner is None for (owner,) in owners)
    if to.id_type == "order":  # a parcel may be of a buyer whom nobody knows, but not of an order
        ((nobodys,),) = connection.execute(NO_ORDER).fetchall()
    connection.unregister("ids")
    return f"{nobodys} ids are nobody's" if nobodys else None
