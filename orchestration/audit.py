"""The book of the installation: files delivered, rows rejected, checks run, days asked for.

One SQLite file, `$SIYU_HOME/audit/audit.sqlite`: transactional, safe under a kill and under two processes,
and independent of Dagster's own database. Every stage may write its own lines and read the others'.
Nothing here decides anything; what is derived from the lines is derived when they are read.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

SCHEMA = """
create table if not exists deliveries (
    file_path text primary key,          -- relative to the inbox
    platform text not null, dataset text not null, delivery_date text not null, file_name text not null,
    content_hash text not null, lake_path text,
    rows_read integer not null, rows_loaded integer not null, rows_duplicate integer not null,
    rows_superseded integer not null, rows_quarantined integer not null,
    status text not null check (status in ('loaded', 'refused')), reason text,
    file_stamp text,                     -- changes with the file and with what reads it: the same one is not read again
    rows_forgotten integer not null default 0
);
create index if not exists deliveries_by_partition on deliveries (platform, dataset, delivery_date);
create table if not exists quarantine (
    platform text not null, dataset text not null, content_hash text not null,
    line_number integer not null, rule text not null, column_name text,
    primary key (platform, dataset, content_hash, line_number, rule, column_name)
);
create table if not exists check_results (
    run_id text not null, as_of_date text not null, asset text not null, check_name text not null,
    severity text not null check (severity in ('error', 'warning')), passed integer not null,
    observed text, expected text, failing_row_count integer,
    primary key (run_id, as_of_date, asset, check_name)
);
create index if not exists check_results_by_day on check_results (as_of_date, asset);
create table if not exists business_days (
    as_of_date text primary key,
    asked_after text                     -- the latest day that had been asked for before; null where none had
);
create table if not exists token_key (place integer primary key check (place = 1), key_id text not null,
    generation integer not null);
create table if not exists forgotten (mark text primary key);  -- a token or a keyed hash: what later rows are known by
create table if not exists forgettings (
    request text primary key,            -- keyed hash of the id that was given
    sealed blob,                         -- who it is, until nothing is left of them
    proof text
);
create table if not exists vault_accesses (
    read_at text not null, reader text not null, purpose text not null, token_count integer not null
);
"""

ADDED = (
    ("deliveries", "rows_forgotten", "integer not null default 0"),
    ("business_days", "asked_after", "text"),
)

# A file's content counts once: under the first of its delivery dates, whichever copy was read first.
ACCOUNTED = """
select platform, dataset, delivery_date, file_name, content_hash, rows_read,
    iif(copy = 1, rows_loaded, 0) as rows_loaded,
    iif(copy = 1, rows_duplicate, rows_read) as rows_duplicate,
    iif(copy = 1, rows_superseded, 0) as rows_superseded,
    iif(copy = 1, rows_quarantined, 0) as rows_quarantined,
    iif(copy = 1, rows_forgotten, 0) as rows_forgotten,
    iif(copy = 1, status, 'duplicate') as status,
    iif(copy = 1, reason, 'duplicate of ' || first_path) as reason,
    file_path, lake_path
from (
    select *, row_number() over same_content as copy, first_value(file_path) over same_content as first_path
    from deliveries
    window same_content as (
        partition by platform, dataset, content_hash, status, iif(status = 'refused', file_path, '')
        order by delivery_date, file_path
    )
)
"""

ORPHANED = """
delete from quarantine where (platform, dataset, content_hash) not in (
    select platform, dataset, content_hash from deliveries
)
"""


@dataclass(frozen=True)
class Delivery:
    """One delivered file. `content_hash` is that of the canonical rows, or of the bytes where the file was refused."""

    file_path: str
    platform: str
    dataset: str
    delivery_date: date
    file_name: str
    content_hash: str
    lake_path: str | None
    rows_read: int
    rows_loaded: int
    rows_duplicate: int
    rows_superseded: int
    rows_quarantined: int
    status: str
    reason: str | None = None
    file_stamp: str | None = None
    rows_forgotten: int = 0


@dataclass(frozen=True)
class QuarantinedRow:
    """One rule that one row broke. Never holds the value itself: it may be personal."""

    platform: str
    dataset: str
    content_hash: str
    line_number: int
    rule: str
    column_name: str | None


@dataclass(frozen=True)
class CheckResult:
    """One expectation of one run. `check_name` is `<shape|content|volume>__<what is expected, as a sentence>`."""

    run_id: str
    as_of_date: date
    asset: str
    check_name: str
    severity: str
    passed: bool
    observed: str | None
    expected: str | None
    failing_row_count: int | None


@dataclass(frozen=True)
class VaultAccess:
    """One reading of plain values: when, who, for which campaign and day, how many. Never which."""

    read_at: str
    reader: str
    purpose: str
    token_count: int


class Audit:
    """Reads and writes the book; every write is one transaction."""

    def __init__(self, file: Path) -> None:
        self.file = file

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.file, timeout=60)
        connection.row_factory = sqlite3.Row
        try:
            connection.execute("pragma secure_delete = on")
            connection.executescript(SCHEMA)
            _extend(connection)
            with connection:
                yield connection
        finally:
            connection.close()

    def record_deliveries(self, deliveries: Sequence[Delivery], quarantined: Sequence[QuarantinedRow]) -> None:
        """Writes what was found in the files; a file delivered again under the same path replaces its line.

        `quarantined` holds all rejected rows of each content in it, and replaces what was known of that content.
        """
        contents = {(row.platform, row.dataset, row.content_hash) for row in quarantined}
        with self._transaction() as connection:
            _insert(connection, "deliveries", deliveries)
            connection.executemany(
                "delete from quarantine where platform = ? and dataset = ? and content_hash = ?", contents
            )
            _insert(connection, "quarantine", quarantined)

    def forget_deliveries(self, file_paths: Iterable[str]) -> None:
        """Takes the lines of withdrawn files out, and the rejected rows whose content no line holds any more."""
        with self._transaction() as connection:
            connection.executemany("delete from deliveries where file_path = ?", [(path,) for path in file_paths])
            connection.execute(ORPHANED)

    def record_checks(self, results: Sequence[CheckResult]) -> None:
        with self._transaction() as connection:
            _insert(connection, "check_results", results)

    def request_days(self, days: Iterable[date]) -> None:
        """Adds business days to those that every as-of table covers."""
        with self._transaction() as connection:
            latest = connection.execute("select max(as_of_date) from business_days").fetchone()[0]
            connection.executemany(
                "insert or ignore into business_days values (?, ?)", [(day.isoformat(), latest) for day in days]
            )

    def token_key(self) -> tuple[str, int] | None:
        """The key id of the stored tokens, and the how-many-eth pepper of this installation it is."""
        rows = self.query("select key_id, generation from token_key")
        return (str(rows[0]["key_id"]), int(str(rows[0]["generation"]))) if rows else None

    def book_key(self, key_id: str, generation: int) -> None:
        """Remembers which pepper the stored tokens are made with."""
        with self._transaction() as connection:
            connection.execute("insert or replace into token_key values (1, ?, ?)", [key_id, generation])

    def forgotten(self) -> list[str]:
        """The marks of everybody who was forgotten."""
        return [str(row["mark"]) for row in self.query("select mark from forgotten order by mark")]

    def cut_rows(self, platform: str, dataset: str, content_hash: str, kept: int) -> None:
        """Books rows of a content as forgotten, all but those that are kept."""
        with self._transaction() as connection:
            connection.execute(
                "update deliveries set rows_loaded = ?, rows_forgotten ="
                " rows_read - rows_duplicate - rows_superseded - rows_quarantined - ?"
                " where platform = ? and dataset = ? and content_hash = ? and status = 'loaded'",
                [kept, kept, platform, dataset, content_hash],
            )

    def restamp(self, file_path: str, file_stamp: str) -> None:
        """Says that a file was changed by us, so that it is not read again."""
        with self._transaction() as connection:
            connection.execute("update deliveries set file_stamp = ? where file_path = ?", [file_stamp, file_path])

    def begin_forgetting(self, request: str, sealed: bytes, marks: Iterable[str]) -> None:
        """From here on every row with one of the marks is set aside, whatever becomes of the erasure."""
        with self._transaction() as connection:
            connection.executemany("insert or ignore into forgotten values (?)", [(mark,) for mark in marks])
            connection.execute("insert or replace into forgettings (request, sealed) values (?, ?)", [request, sealed])

    def end_forgetting(self, request: str, proof: str) -> None:
        """Nothing is left: who it was is not needed any more."""
        with self._transaction() as connection:
            connection.execute("update forgettings set sealed = null, proof = ? where request = ?", [proof, request])

    def blank_results(self, words: Sequence[str]) -> int:
        """Takes what a check observed away where one of the words stands in it."""
        with self._transaction() as connection:
            return connection.executemany(
                "update check_results set observed = 'forgotten' where instr(observed, ?) > 0",
                [(word,) for word in words],
            ).rowcount

    def carry_over(self, carried: Callable[[str], str], key_id: str, generation: int) -> None:
        """Puts every mark into the form of another pepper, and from here on that pepper is the right one."""
        with self._transaction() as connection:
            for table, column in (("forgotten", "mark"), ("forgettings", "request")):
                marks = [str(row[0]) for row in connection.execute(f"select {column} from {table}")]
                changes = [(carried(mark), mark) for mark in marks]
                connection.executemany(f"update {table} set {column} = ? where {column} = ?", changes)
            connection.execute("insert or replace into token_key values (1, ?, ?)", [key_id, generation])

    def record_access(self, access: VaultAccess) -> None:
        with self._transaction() as connection:
            _insert(connection, "vault_accesses", [access])

    def query(self, sql: str, parameters: Sequence[object] = ()) -> list[dict[str, object]]:
        """Rows of any `select` over the book."""
        with self._transaction() as connection:
            return [dict(row) for row in connection.execute(sql, parameters)]

    def deliveries(self) -> list[dict[str, object]]:
        """Every delivered file with its row accounting, copies of known content counted as duplicates."""
        return self.query(f"{ACCOUNTED} order by delivery_date, platform, dataset, file_path")


def _extend(connection: sqlite3.Connection) -> None:
    """A book that was begun before these columns were."""
    for table, column, kind in ADDED:
        if column not in {row["name"] for row in connection.execute(f"pragma table_info({table})")}:
            connection.execute(f"alter table {table} add column {column} {kind}")


def _insert(
    connection: sqlite3.Connection, table: str, rows: Sequence[Delivery | QuarantinedRow | CheckResult | VaultAccess]
) -> None:
    if not rows:
        return
    names = [field.name for field in fields(rows[0])]
    connection.executemany(
        f"insert or replace into {table} ({', '.join(names)}) values ({', '.join(':' + name for name in names)})",
        [{k: v.isoformat() if isinstance(v, date) else v for k, v in asdict(row).items()} for row in rows],
    )
