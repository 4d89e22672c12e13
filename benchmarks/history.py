"""A year of deliveries at once: `python -m benchmarks.history DIRECTORY [--lines 10_000_000]` makes an installation.

Belongs here: synthetic deliveries as lake files and lines of the audit book, the next day as files in the inbox, the
plan. Does not: what is delivered (`synthetic.py`), and building tables from it.

The deliveries are written straight into the lake, as landing would have left them once their inbox folders were
archived: `siyu run` goes on from there. One day is in memory at a time, whatever the length.
"""

import argparse
import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import duckdb

from benchmarks.measure import tell
from benchmarks.synthetic import DATASETS, Size, brand, delivered, landed
from orchestration.audit import Audit, Delivery
from orchestration.extract.casting import literal
from orchestration.extract.contracts import Contract, load_contracts
from orchestration.extract.lake import content_path, prepare, scratch_folder, write, writing
from orchestration.settings import CONTRACTS, DBT_PROJECT, Settings
from orchestration.transform.arguments import fingerprint
from orchestration.transform.plan import derive_plan, write_plan

PLATFORM = "generic"
NEXT_DAY_ORDERS = 5_000
STAMP = "history.txt"  # written last


def write_history(home: Path, size: Size) -> None:
    """The deliveries of every day, booked, and a plan that asks for the last one."""
    settings = Settings(home=home)
    contracts = load_contracts([CONTRACTS])
    prepare(contracts, settings.lake)
    audit = Audit(settings.audit_file)
    with duckdb.connect(config={"memory_limit": "4GB", "threads": 2}) as connection:
        brand(connection, size)
        for dataset in DATASETS:
            deliveries = _deliver(connection, contracts[PLATFORM, dataset], settings.lake, size)
            audit.record_deliveries(deliveries, [])
            tell(f"{dataset}: {sum(delivery.rows_loaded for delivery in deliveries):,} rows delivered")
    ask_for(settings, [size.last_day])


def ask_for(settings: Settings, days: Iterable[date]) -> None:
    """Writes the plan of all deliveries and these business days, and those asked for before; a history that was kept
    may be older than some contracts."""
    prepare(load_contracts([CONTRACTS]), settings.lake)
    audit = Audit(settings.audit_file)
    audit.request_days(days)
    write_plan(derive_plan(audit, settings.plan, fingerprint(DBT_PROJECT)), settings.plan)


def write_next_day(home: Path, size: Size, orders: int) -> date:
    """The day after the history as CSV files in the inbox: new, changed and refunded lines of `orders` orders a day.

    The same files for every history that counts at least so many orders a day.
    """
    day = size.last_day + timedelta(days=1)
    with duckdb.connect() as connection:
        brand(connection, size)
        for dataset in DATASETS:
            query = delivered(dataset, day, orders)
            if _holds_rows(connection, query):
                file = Settings(home=home).inbox / PLATFORM / dataset / str(day) / f"{dataset}.csv"
                file.parent.mkdir(parents=True, exist_ok=True)
                connection.execute(f"copy ({query}) to {literal(str(file))} (header, delimiter ',')")
    return day


def _deliver(connection: duckdb.DuckDBPyConnection, contract: Contract, lake: Path, size: Size) -> list[Delivery]:
    """One file per day on which something is delivered."""
    deliveries = []
    with writing(lake, contract):
        for number in range(size.days):
            day = size.first_day + timedelta(days=number)
            delivery = delivered(contract.dataset, day, size.orders_per_day)
            if not _holds_rows(connection, delivery):
                continue
            content = hashlib.sha256(f"{contract.dataset} {day} {size}".encode()).hexdigest()
            file = content_path(lake, contract, day, content)
            query = landed(connection, contract, delivery, content)
            write(connection, query, file, scratch_folder(lake, contract))
            deliveries.append(_booked(contract, day, content, file.relative_to(lake), _rows(connection, file)))
    return deliveries


def _holds_rows(connection: duckdb.DuckDBPyConnection, query: str) -> bool:
    return connection.execute(f"select 1 from ({query}) limit 1").fetchone() is not None


def _rows(connection: duckdb.DuckDBPyConnection, file: Path) -> int:
    found = connection.execute(f"select count(*) from read_parquet({literal(str(file))})").fetchone()
    return int(found[0]) if found else 0


def _booked(contract: Contract, day: date, content: str, lake_path: Path, rows: int) -> Delivery:
    return Delivery(
        file_path=f"{contract.platform}/{contract.dataset}/{day}/{contract.dataset}.csv",
        platform=contract.platform,
        dataset=contract.dataset,
        delivery_date=day,
        file_name=f"{contract.dataset}.csv",
        content_hash=content,
        lake_path=lake_path.as_posix(),
        rows_read=rows,
        rows_loaded=rows,
        rows_duplicate=0,
        rows_superseded=0,
        rows_quarantined=0,
        status="loaded",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path, help="the installation (SIYU_HOME) to make")
    parser.add_argument("--lines", type=int, default=Size.lines)
    parser.add_argument("--customers", type=int, default=Size.customers)
    parser.add_argument("--shops", type=int, default=Size.shops)
    parser.add_argument("--days", type=int, default=Size.days)
    options = parser.parse_args()
    size = Size(lines=options.lines, customers=options.customers, shops=options.shops, days=options.days)
    home = options.directory.resolve()
    if (home / STAMP).exists() and (home / STAMP).read_text() == str(size):
        tell(f"{home} holds this history already")
        return
    write_history(home, size)
    write_next_day(home, size, min(size.orders_per_day, NEXT_DAY_ORDERS))
    (home / STAMP).write_text(str(size))


if __name__ == "__main__":
    main()
