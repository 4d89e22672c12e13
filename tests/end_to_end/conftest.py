"""A small simulated brand, written once; tests run it in installations of their own."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from demo import exports, truth
from demo.brand import simulate
from tests.conftest import Installation
from tests.end_to_end.checkout import FIRST, Checkout

LAST_DAY = date(2026, 6, 21)
PEPPER = "one pepper, so that tables can be compared"
DAYS = 60
FIRST_DAY = LAST_DAY - timedelta(days=DAYS - 1)


@pytest.fixture(scope="module")
def delivered(install) -> Callable[[], Installation]:
    """Makes installations into whose inbox the brand's sixty days have been delivered; the spike is in them."""
    brand = simulate(scale=0.05, days=DAYS, last_day=LAST_DAY)

    def make() -> Installation:
        installation = install(SIYU_START_DATE=str(FIRST_DAY), SIYU_PEPPER=PEPPER)
        exports.write(brand, installation.home / "inbox")
        truth.write(brand, installation.home / "truth")
        return installation

    return make


def span(first: date, last: date) -> tuple[str, ...]:
    return ("run", "--from", str(first), "--to", str(last))


EVERYTHING = span(FIRST_DAY, LAST_DAY)


def parquet(folder: Path, table: str) -> str:
    return f"read_parquet('{folder / 'truth' / table}.parquet')"


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """In whose inbox lies the first order."""
    made = Checkout(tmp_path)
    made.deliver(FIRST, "o1,l1,anna,p1,1,100.00,paid,2024-03-01 10:00:00,2024-03-01 10:01:00")
    return made
