"""Accounts for each row of a file: read = loaded + duplicate + superseded + quarantined + forgotten. SQL over its rows.

Belongs here: which of two rows with one key stays, the hash of the content, counts, refusal of corrupt or repeated ids.
Does not: types (`casting.py`), files (`landing.py`).
"""

import hashlib
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

import duckdb

from orchestration.extract.casting import ID_CORRUPTION, literal, rules_query, staged_columns
from orchestration.extract.contracts import Contract
from orchestration.extract.readers import Source
from orchestration.extract.recognise import Refused
from orchestration.extract.records import MalformedRecord

CORRUPT_SHARE = 0.001
SUSPECT_IDS = 20
AS_TEXT = (
    "Long ids lose their last digits in Excel: export again and do not save the file from Excel, "
    "or format the id columns as text before pasting the ids in."
)
KEPT = "texts is null and line_number not in (select line_number from displaced)"
LOADED = f"{KEPT} and line_number not in (select line_number from forgotten)"
LOW = "18446744073709551615::uhugeint"


@dataclass(frozen=True)
class BrokenRule:
    """One rule that one row broke."""

    line_number: int
    rule: str
    column_name: str | None


@dataclass(frozen=True)
class Accounts:
    """What became of the rows of one file."""

    content_hash: str
    rows_read: int
    rows_loaded: int
    rows_duplicate: int
    rows_superseded: int
    rows_forgotten: int
    broken: list[BrokenRule]

    @property
    def rows_quarantined(self) -> int:
        return len({rule.line_number for rule in self.broken})

    def __post_init__(self) -> None:
        accounted = self.rows_loaded + self.rows_duplicate + self.rows_superseded + self.rows_quarantined
        accounted += self.rows_forgotten
        if self.rows_read != accounted:
            raise AssertionError(f"{self.rows_read} rows were read but {accounted} accounted for")


def row_hash(contract: Contract, present: Iterable[str]) -> str:
    """The hash of a row. Empty cells add nothing to it, so neither absent columns nor their order make a difference."""
    ours = {"shop_id", contract.catch_all, "platform" if "platform" in contract.loaded else None} - {None}
    parts = ", ".join(f"'{name}\x1e' || \"{name}\" || '\x1f'" for name in sorted({*present, *map(str, ours)}))
    return f"md5_number(case when texts is null then concat({parts}) else 'quarantined' || texts::varchar end)"


def loaded_query(contract: Contract, present: Iterable[str], content: str) -> str:
    """The rows that go to the lake, in its schema."""
    staged = [*staged_columns(contract, present), "line_number", *filter(None, [contract.catch_all])]
    values = {name: f'"{name}"' for name in staged}
    values["content_hash"] = literal(content)
    values["version_at"] = f'"{contract.version[0]}"::timestamp' if contract.version else "null::timestamp"
    if contract.position:
        within = ", ".join(f'"{name}"' for name in contract.position.within)
        values[contract.position.column] = f"row_number() over (partition by {within} order by {', '.join(staged)})"
    columns = ", ".join(
        f'{values.get(name, f"null::{kind}")} as "{name}"' for name, kind in contract.lake_schema.items()
    )
    return f"select {columns} from staged where {LOADED}"


def loaded_tokens(connection: duckdb.DuckDBPyConnection, contract: Contract, vaulted: Container[str]) -> list[str]:
    """The tokens that stand in a row that is loaded: only their values are kept."""
    columns = [name for name, column in contract.loaded.items() if column.personal == "vault"]
    each = " union ".join(f'select "{name}" as token from ({{loaded}})' for name in columns)
    rows = connection.execute(each.format(loaded="select * from staged where " + LOADED)).fetchall()
    return [token for (token,) in rows if token in vaulted]


def account(
    connection: duckdb.DuckDBPyConnection, contract: Contract, source: Source, shop: str | None, about: str = "false"
) -> Accounts:
    """Decides every row of the table `staged`; leaves the losers of equal keys in the table `displaced`.

    `about` is the condition under which a row is about somebody forgotten.
    """
    connection.execute(_displaced(contract))
    total, odd, loaded, duplicate, superseded, low, high = _one(connection, _TOTALS)
    if duplicate or superseded:
        _refuse_repeated_keys(connection, contract)
    present = list(source.header.columns)
    found = connection.execute(rules_query(contract, present, shop)).fetchall() if odd else []
    broken = _broken(found, source.malformed)
    rows = total + len(source.malformed)
    _refuse_corrupt_ids(connection, [name for name in present if contract.columns[name].type == "id"], broken, rows)
    content = _content_hash(contract, shop, low, high, source.malformed)
    forgotten = _set_aside(connection, about)
    return Accounts(content, rows, loaded - forgotten, duplicate, superseded, forgotten, broken)


def _set_aside(connection: duckdb.DuckDBPyConnection, about: str) -> int:
    """The rows that would be loaded if they were not about somebody forgotten, in the table `forgotten`."""
    query = f"select line_number from staged where {KEPT} and {about}"
    connection.execute(f"create or replace temp table forgotten as {query}")
    return _one(connection, "select count(*) from forgotten")[0]


_TOTALS = f"""
select count(*), count(*) filter (texts is not null), count(*) filter (kept and texts is null),
    (select count(*) filter (equal) from displaced), (select count(*) filter (not equal) from displaced),
    coalesce(sum((row_hash & {LOW})::ubigint) filter (kept), 0),
    coalesce(sum((row_hash >> 64)::ubigint) filter (kept), 0)
from (select texts, row_hash, line_number not in (select line_number from displaced) as kept from staged)
"""


def _displaced(contract: Contract) -> str:
    """Rows that another row with the same key replaces: equal to it, or of a lower version. Content breaks ties."""
    if contract.position:
        return "create or replace temp table displaced as select 0::bigint as line_number, true as equal where false"
    key = ", ".join(f'"{name}"' for name in contract.key)
    newest = "".join(f'"{name}" desc nulls last, ' for name in [*contract.version, *contract.prefer_latest])
    return f"""
    create or replace temp table displaced as
    with repeated as (select hash({key}) as key_hash from staged where texts is null group by all having count(*) > 1),
    ranked as (
        select line_number,
            row_number() over (partition by {key} order by {newest}row_hash desc, line_number) as place,
            row_number() over (partition by {key}, row_hash order by line_number) as copy
        from staged where texts is null and hash({key}) in (select key_hash from repeated)
    )
    select line_number, copy > 1 as equal from ranked where place > 1
    """


def _refuse_repeated_keys(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Two business rows under one key are no versions of each other: keeping one would lose the other."""
    key = ", ".join(f'"{name}"' for name in contract.key)
    for name in contract.constant:
        clash = connection.execute(f"""
            select first_line, line_number from (
                select line_number, "{name}", first_value(line_number) over same_key as first_line,
                    first_value("{name}") over same_key as first_seen
                from staged where texts is null window same_key as (partition by {key} order by line_number)
            ) where "{name}" is distinct from first_seen order by line_number limit 1
        """).fetchone()
        if clash:
            ids = ", ".join(column for column in contract.key if column not in ("platform", "shop_id"))
            raise Refused(
                f"{ids} is not unique: line {clash[0]} and line {clash[1]} have the same {ids} but another {name}. "
                f"Make the id unique in the whole shop, e.g. order id + line number."
            )


def _broken(found: Sequence[tuple[int, str, str]], malformed: Sequence[MalformedRecord]) -> list[BrokenRule]:
    rules = [BrokenRule(*row) for row in found]
    totals = {rule.line_number for rule in rules if rule.rule == "total_row"}
    kept = [rule for rule in rules if rule.rule == "total_row" or rule.line_number not in totals]
    return sorted(
        [*kept, *(BrokenRule(row.number, row.rule, None) for row in malformed)], key=lambda rule: rule.line_number
    )


def _refuse_corrupt_ids(
    connection: duckdb.DuckDBPyConnection, ids: Sequence[str], broken: Sequence[BrokenRule], rows: int
) -> None:
    corrupt = [rule for rule in broken if rule.rule in ID_CORRUPTION]
    if len({rule.line_number for rule in corrupt}) > CORRUPT_SHARE * rows:
        (rule, column), count = Counter((rule.rule, rule.column_name) for rule in corrupt).most_common(1)[0]
        line = next(broke.line_number for broke in corrupt if (broke.rule, broke.column_name) == (rule, column))
        raise Refused(f"{count} of {rows} rows break the rule {rule} in {column}, first in row {line}. {AS_TEXT}")
    if not ids:
        return
    long = ", ".join(
        f'count(*) filter (length("{n}") >= 16), count(*) filter (length("{n}") >= 16 and suffix("{n}", \'0000\'))'
        for n in ids
    )
    counts = _one(connection, f"select {long} from staged")
    for place, name in enumerate(ids):
        if counts[2 * place] >= SUSPECT_IDS and counts[2 * place + 1] * 2 > counts[2 * place]:
            _refuse_rounded(connection, name)


def _refuse_rounded(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """The same over distinct ids: one id that truly ends so may stand in every row."""
    long, rounded = _one(
        connection,
        f"select count(*), count(*) filter (suffix(id, '0000')) from (select distinct \"{name}\" as id from staged) "
        r"where regexp_full_match(id, '\d{16,}')",
    )
    if long >= SUSPECT_IDS and rounded * 2 > long:
        raise Refused(f"{rounded} of {long} long ids in {name} end in 0000. {AS_TEXT}")


def _content_hash(
    contract: Contract, shop: str | None, low: int, high: int, malformed: Sequence[MalformedRecord]
) -> str:
    """Equal for equal content: the order of rows and columns, header spellings and packing make no difference."""
    lines = sorted(hashlib.sha256(row.text.rstrip(b"\r\n")).hexdigest() for row in malformed)
    content = "\n".join([contract.platform, contract.dataset, shop or "", str(low), str(high), *lines])
    return hashlib.sha256(content.encode()).hexdigest()


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row
