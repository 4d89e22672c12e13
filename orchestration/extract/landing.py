"""Brings delivered files into the lake, each content once, with one audit line per file.

Belongs here: which files to read, in which order things are written. Does not: formats, types, rules.
A content reaches the vault by one transaction, the lake by one rename, then the book by one transaction; killed
between, nobody can ask for what the vault has already, and a re-run converges.
"""

import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from threading import Lock

import duckdb

from orchestration.audit import Audit, Delivery, QuarantinedRow
from orchestration.extract.booked import booked_files, file_path_of, withdrawn_files
from orchestration.extract.casting import staged_columns
from orchestration.extract.contracts import Contract, ContractKey
from orchestration.extract.files import (
    DeliveredFile,
    byte_hash,
    delivered_files,
    opened,
    stamp,
)
from orchestration.extract.lake import content_path, landed_contents, scratch_folder, write, writing
from orchestration.extract.ledger import Accounts, account, loaded_query, loaded_tokens
from orchestration.extract.persons import is_about_people, is_forgotten
from orchestration.extract.readers import read
from orchestration.extract.recognise import Header, Refused, note_on
from orchestration.extract.staging import stage, workspace
from orchestration.inbox import readable_name
from orchestration.privacy.marks import learn
from orchestration.privacy.vault import Vault

MEMORY = "256MB"
WORKERS = 2
BOOKED_TOGETHER = 100
READER = "1"  # raise it when reading changes, so that files read by the old code are read again


@dataclass(frozen=True)
class LandingSummary:
    """What one call found, copies and files read before included. `refused` holds (file, reason)."""

    files: int
    rows_read: int
    rows_loaded: int
    rows_duplicate: int
    rows_superseded: int
    rows_quarantined: int
    rows_forgotten: int
    refused: tuple[tuple[str, str], ...]
    lake_paths: tuple[Path, ...]


@dataclass(frozen=True)
class Dataset:
    """Where the deliveries of one contract come from and go to, and what is there already."""

    contract: Contract
    contracts: Mapping[ContractKey, Contract]
    inbox: Path
    lake: Path
    vault: Vault | None
    forgotten: Sequence[str]
    reader: str
    booked: Mapping[str, Delivery]  # by file path
    landed: dict[str, Path]  # by content hash; grows
    owners: dict[str, str]  # content hash → the file whose quarantined rows are booked; grows
    lock: Lock


Booking = tuple[Delivery, list[QuarantinedRow]]


def land(  # noqa: PLR0917 - where things are, in the order in which data flows
    contracts: Mapping[ContractKey, Contract],
    platform: str,
    dataset: str,
    dates: Sequence[date],
    inbox: Path,
    lake: Path,
    audit: Audit,
    vault: Vault | None = None,
) -> LandingSummary:
    """Lands every file delivered for one dataset on the dates; files known and unchanged are not read again."""
    contract = contracts[platform, dataset]
    with writing(lake, contract):
        folders = {day: inbox / platform / dataset / day.isoformat() for day in sorted(set(dates))}
        files = [(day, file) for day, folder in folders.items() for file in delivered_files(inbox, folder)]
        booked = booked_files(contract, audit)
        withdrawn = withdrawn_files(booked.values(), inbox, folders, files)
        known = {path: delivery for path, delivery in booked.items() if path not in withdrawn}
        target = Dataset(
            contract=contract,
            contracts=contracts,
            inbox=inbox,
            lake=lake,
            vault=vault,
            forgotten=audit.forgotten() if is_about_people(contract) else [],
            reader=reader_of(contracts),
            booked=known,
            landed=landed_contents(lake, contract),
            owners={delivery.content_hash: path for path, delivery in known.items()},
            lock=Lock(),
        )
        deliveries = _book(target, files, audit)
        audit.forget_deliveries(withdrawn)
    return _summary(deliveries, lake)


def _book(target: Dataset, files: Sequence[tuple[date, DeliveredFile]], audit: Audit) -> list[Delivery]:
    """Loads the files and books them, a hundred to a transaction."""
    threads = WORKERS if len(files) == 1 else 1  # several files keep the cores busy, each on one thread
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "threads": threads,
        "temp_directory": str(scratch_folder(target.lake, target.contract)),
        "preserve_insertion_order": False,  # rows carry their line number
    }
    deliveries: list[Delivery] = []
    with duckdb.connect(config=config) as connection, ThreadPoolExecutor(WORKERS) as pool:
        for start in range(0, len(files), BOOKED_TOGETHER):
            together = files[start : start + BOOKED_TOGETHER]
            bookings = list(pool.map(lambda item: _deliver(target, connection, *item), together))
            found = [delivery for delivery, _ in bookings]
            audit.record_deliveries(found, [row for _, rows in bookings for row in rows])
            deliveries += found
    return deliveries


def reader_of(contracts: Mapping[ContractKey, Contract]) -> str:
    """Names what reads files: another one reads them again."""
    shape = "".join(known.model_dump_json() for _, known in sorted(contracts.items()))
    return f"{READER}:{hashlib.sha256(shape.encode()).hexdigest()[:16]}"


def _deliver(target: Dataset, connection: duckdb.DuckDBPyConnection, day: date, file: DeliveredFile) -> Booking:
    """What is booked for one file; a refused file is booked with its reason."""
    file_path = file_path_of(target.inbox, file)
    file_stamp = f"{target.reader}:{stamp(file.path)}"
    before = target.booked.get(file_path)
    if (
        before
        and before.file_stamp == file_stamp
        and (before.lake_path is None or before.content_hash in target.landed)
    ):
        return before, []
    try:
        accounts, path, note = _load(target, connection, day, file)
    except Refused as refusal:
        accounts, path, note = Accounts(byte_hash(file.path), 0, 0, 0, 0, 0, []), None, str(refusal)
    delivery = Delivery(
        file_path=file_path,
        platform=target.contract.platform,
        dataset=target.contract.dataset,
        delivery_date=day,
        file_name=readable_name(Path(file.path.name)),
        content_hash=accounts.content_hash,
        lake_path=path.relative_to(target.lake).as_posix() if path else None,
        rows_read=accounts.rows_read,
        rows_loaded=accounts.rows_loaded,
        rows_duplicate=accounts.rows_duplicate,
        rows_superseded=accounts.rows_superseded,
        rows_quarantined=accounts.rows_quarantined,
        rows_forgotten=accounts.rows_forgotten,
        status="loaded" if path else "refused",
        reason=note,
        file_stamp=file_stamp,
    )
    return delivery, _quarantined(target, delivery, accounts)


def _quarantined(target: Dataset, delivery: Delivery, accounts: Accounts) -> list[QuarantinedRow]:
    """The rejected rows, booked once per content: another copy of it may hold them on other lines."""
    with target.lock:
        owner = target.owners.setdefault(delivery.content_hash, delivery.file_path)
    if owner != delivery.file_path:
        return []
    place = (delivery.platform, delivery.dataset, delivery.content_hash)
    return [QuarantinedRow(*place, rule.line_number, rule.rule, rule.column_name) for rule in accounts.broken]


def _load(
    target: Dataset, connection: duckdb.DuckDBPyConnection, day: date, file: DeliveredFile
) -> tuple[Accounts, Path, str | None]:
    """Reads a file and puts its content into the lake, unless it is there."""
    contract = target.contract
    with workspace(connection) as cursor:
        with opened(file.path) as handle:
            source = read(handle, contract, target.contracts)
            vaulted = stage(cursor, source, contract, file.shop, target.vault.keys if target.vault else None)
        accounts = account(cursor, contract, source, file.shop, _about(target, cursor, source.header))
        if not accounts.rows_read and not contract.allow_header_only:
            raise Refused(
                "it has a header but no rows. If that is right, set `allow_header_only: true` in the contract."
            )
        content = accounts.content_hash
        with target.lock:
            known = content in target.landed
            path = target.landed.setdefault(content, content_path(target.lake, contract, day, content))
        if target.vault and vaulted:
            target.vault.store({token: vaulted[token] for token in loaded_tokens(cursor, contract, vaulted)})
        if not known:
            write(
                cursor,
                loaded_query(contract, list(source.header.columns), content),
                path,
                scratch_folder(target.lake, contract),
            )
    return accounts, path, note_on(source.header)


def _about(target: Dataset, cursor: duckdb.DuckDBPyConnection, header: Header) -> str:
    """The condition under which a row is about somebody forgotten."""
    if not (target.vault and target.forgotten):
        return "false"
    learn(cursor, target.vault.keys, target.forgotten)
    return is_forgotten(target.contract, staged_columns(target.contract, header.columns), target.vault.keys)


def _summary(deliveries: Sequence[Delivery], lake: Path) -> LandingSummary:
    counts = {name: sum(getattr(delivery, name) for delivery in deliveries) for name in _COUNTS}
    return LandingSummary(
        files=len(deliveries),
        refused=tuple(
            (delivery.file_path, delivery.reason or "") for delivery in deliveries if delivery.status == "refused"
        ),
        lake_paths=tuple(sorted({lake / delivery.lake_path for delivery in deliveries if delivery.lake_path})),
        **counts,
    )


_COUNTS = [found.name for found in fields(LandingSummary) if found.name.startswith("rows_")]
