"""Takes a person's rows out of the raw lake, file by file, and says so in the book.

Belongs here: rewriting Parquet files and their accounts. Does not: which rows those are (`extract/persons.py`).
The book is written before the file is replaced; killed between, doing it again ends in the same state.
"""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from orchestration.audit import Audit
from orchestration.extract.casting import literal
from orchestration.extract.contracts import Contract, ContractKey
from orchestration.extract.lake import landed_contents, scratch_folder, write, writing
from orchestration.extract.persons import is_about_people, is_forgotten
from orchestration.privacy.keys import Keys
from orchestration.privacy.marks import learn


def erase_from_lake(contracts: Mapping[ContractKey, Contract], lake: Path, audit: Audit, keys: Keys) -> tuple[int, int]:
    """Removes every row about somebody forgotten. Returns how many rows of how many files."""
    rows = files = 0
    with duckdb.connect() as connection:
        learn(connection, keys, audit.forgotten())
        for contract in filter(is_about_people, contracts.values()):
            with writing(lake, contract):
                for content, file in landed_contents(lake, contract).items():
                    gone, kept = _counts(connection, contract, file, keys)
                    if gone:
                        audit.cut_rows(contract.platform, contract.dataset, content, kept)
                        query = f"select * from {_rows(file)} where not {_about(connection, contract, file, keys)}"
                        write(connection, query, file, scratch_folder(lake, contract))
                        rows, files = rows + gone, files + 1
    return rows, files


def rows_in_lake(contracts: Mapping[ContractKey, Contract], lake: Path, audit: Audit, keys: Keys) -> int:
    """How many rows of the lake are about somebody forgotten."""
    with duckdb.connect() as connection:
        learn(connection, keys, audit.forgotten())
        return sum(
            _counts(connection, contract, file, keys)[0]
            for contract in filter(is_about_people, contracts.values())
            for file in landed_contents(lake, contract).values()
        )


def _counts(connection: duckdb.DuckDBPyConnection, contract: Contract, file: Path, keys: Keys) -> tuple[int, int]:
    about = _about(connection, contract, file, keys)
    query = f"select count(*) filter (where {about}), count(*) filter (where not {about}) from {_rows(file)}"
    gone, kept = connection.execute(query).fetchall()[0]
    return gone, kept


def _about(connection: duckdb.DuckDBPyConnection, contract: Contract, file: Path, keys: Keys) -> str:
    """The condition, over the columns that the file has: its contract may have had others when it landed."""
    present = {name for name, *_ in connection.execute(f"describe select * from {_rows(file)}").fetchall()}
    return is_forgotten(contract, present, keys)


def _rows(file: Path) -> str:
    return f"read_parquet({literal(str(file))}, hive_partitioning = false)"
