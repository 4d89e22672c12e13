"""The yardstick: one DuckDB scan that reads and decodes every column of the raw order lines, on two threads.

Belongs here: nothing else. It imports nothing else either, so that what is measured is the scan.
"""

import duckdb


def scan(files: str) -> None:
    """Reads the files of a glob; the hash makes every value of every column needed."""
    with duckdb.connect(config={"threads": 2}) as connection:
        lines = f"read_parquet('{files}', hive_partitioning = true, union_by_name = true)"
        names = [name for name, *_ in connection.execute(f"describe select * from {lines}").fetchall()]
        print(connection.execute(f"select count(*), bit_xor(hash({', '.join(names)})) from {lines}").fetchone())
