"""The core marts by hand-written DuckDB SQL: `python duckdb_script.py LAKE OUT LAST_DAY`."""

import sys
from pathlib import Path

import duckdb


def main(lake: str, out: str, last_day: str) -> None:
    with duckdb.connect(f"{out}/marts.duckdb", config={"threads": 2, "preserve_insertion_order": False}) as connection:
        for name in ("order_lines", "refunds", "members"):
            connection.execute(
                f"create temp view raw_{name} as "
                f"from read_parquet('{lake}/generic/{name}/*/*.parquet', hive_partitioning = true)"
            )
        connection.execute(f"set variable last_day = date '{last_day}'")
        connection.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main(*sys.argv[1:])
