"""The synthetic brand of the benchmarks: its size, and what it delivers on a day as a query in a contract's schema.

Belongs here: the size, the SQL of `synthetic.sql` bound to it. Does not: where a delivery is written (`history.py`).
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from orchestration.extract.casting import literal
from orchestration.extract.contracts import Contract

DATASETS = ("order_lines", "refunds", "members", "consents", "touches", "products", "influencers", "campaigns")
LINES_PER_ORDER = 1.5
CAMPAIGN_DAYS = 60


@dataclass(frozen=True)
class Size:
    """`lines` is about the number of line keys; a twentieth of them is delivered twice."""

    lines: int = 10_000_000
    customers: int = 300_000
    shops: int = 12
    products: int = 500
    days: int = 365
    last_day: date = date(2025, 12, 31)

    @property
    def first_day(self) -> date:
        return self.last_day - timedelta(days=self.days - 1)

    @property
    def orders_per_day(self) -> int:
        return max(1, round(self.lines / LINES_PER_ORDER / self.days))


def brand(connection: duckdb.DuckDBPyConnection, size: Size) -> None:
    """Makes the macros of `synthetic.sql` known to a connection."""
    derived = {"first_day": size.first_day, "campaign_day": size.last_day - timedelta(days=CAMPAIGN_DAYS)}
    for name, value in (asdict(size) | derived).items():
        connection.execute(f"set variable {name} = {value if isinstance(value, int) else _day(value)}")
    connection.execute(Path(__file__).with_name("synthetic.sql").read_text(encoding="utf-8"))


def delivered(dataset: str, day: date, orders: int) -> str:
    """The rows of a dataset on a day, as an export holds them; `orders` is how many each day counts."""
    return f"select * from {dataset}_on({_day(day)}, {orders})"


def landed(connection: duckdb.DuckDBPyConnection, contract: Contract, delivery: str, content: str) -> str:
    """The same rows as the lake holds them: every column of the contract, and those that the loader adds."""
    given = {str(name) for name, *_ in connection.execute(f"describe {delivery}").fetchall()}
    values = {name: name for name in given} | {
        "content_hash": literal(content),
        "line_number": "row_number() over ()",
        "version_at": contract.version[0] if contract.version else "null",
    }
    columns = (f"cast({values.get(name, 'null')} as {kind}) as {name}" for name, kind in contract.lake_schema.items())
    return f"select {', '.join(columns)} from ({delivery})"


def _day(day: date) -> str:
    return f"date '{day}'"
