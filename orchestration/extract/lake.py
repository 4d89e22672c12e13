"""The raw lake on disk: one immutable Parquet file per content, written to a temporary name and renamed.

Belongs here: paths, locks, atomic writes, the file that carries a contract's schema. Does not: what the rows are.
"""

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from orchestration.extract.casting import literal
from orchestration.extract.contracts import Contract, ContractKey, load_contracts

SCHEMA_DATE = date(1, 1, 1)  # before any delivery, so that the folder of the schema file sorts first and holds no rows

FORMAT = "format parquet, compression zstd, row_group_size 40960"  # the writer keeps a row group per thread in memory


def dataset_folder(lake: Path, contract: Contract) -> Path:
    return lake / contract.platform / contract.dataset


def scratch_folder(lake: Path, contract: Contract) -> Path:
    return dataset_folder(lake, contract) / ".scratch"


def content_path(lake: Path, contract: Contract, day: date, content: str) -> Path:
    return dataset_folder(lake, contract) / f"delivery_date={day.isoformat()}" / f"{content}.parquet"


def landed_contents(lake: Path, contract: Contract) -> dict[str, Path]:
    """Content hash → file, for all that has ever landed."""
    return {
        path.stem: path
        for path in dataset_folder(lake, contract).glob("delivery_date=*/*.parquet")
        if path.stem != "schema"
    }


@contextmanager
def writing(lake: Path, contract: Contract) -> Iterator[None]:
    """One writer per dataset; what a killed one left in the scratch folder is removed."""
    folder = dataset_folder(lake, contract)
    folder.mkdir(parents=True, exist_ok=True)
    scratch = scratch_folder(lake, contract)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        try:
            yield
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def write(connection: duckdb.DuckDBPyConnection, query: str, path: Path, scratch: Path) -> None:
    """The query's rows as one Parquet file: complete and on disk before it has its name."""
    partial = scratch / f"{path.name}.{os.urandom(4).hex()}"
    connection.execute(f"copy ({query}) to {literal(str(partial))} ({FORMAT})")
    path.parent.mkdir(parents=True, exist_ok=True)
    _flush(partial)
    partial.replace(path)
    _flush(path.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def prepare(contracts: Mapping[ContractKey, Contract], lake: Path) -> None:
    """Gives every dataset an empty file with its full schema, so that reading a lake without deliveries works."""
    with duckdb.connect() as connection:
        for contract in contracts.values():
            path = content_path(lake, contract, SCHEMA_DATE, "schema")
            nulls = ", ".join(f'null::{sql_type} as "{name}"' for name, sql_type in contract.lake_schema.items())
            if not path.exists() or _columns(connection, path) != contract.lake_schema:
                with writing(lake, contract):
                    write(connection, f"select {nulls} where false", path, scratch_folder(lake, contract))


def bring_up_to_date(directories: Iterable[Path], lake: Path) -> None:
    """The same for the contracts of these directories: models name their columns, however old the lake is."""
    prepare(load_contracts(directories), lake)


def _columns(connection: duckdb.DuckDBPyConnection, path: Path) -> dict[str, str]:
    described = connection.execute(
        f"describe select * from read_parquet({literal(str(path))}, hive_partitioning = false)"
    )
    return {name: sql_type for name, sql_type, *_ in described.fetchall()}
