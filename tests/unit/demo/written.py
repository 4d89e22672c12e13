"""A small brand written to disk: a short one, and one long enough for every row to settle."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from demo import exports, truth
from demo.brand import Brand, simulate

SIZES = {"short": {"scale": 0.2, "days": 40}, "long": {"scale": 0.1, "days": 130}}


@dataclass(frozen=True)
class Written:
    brand: Brand
    home: Path
    file_count: int

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    def files(self, dataset: str) -> list[Path]:
        """The deliveries of a dataset, the oldest first."""
        return sorted(path for path in (self.inbox / dataset).rglob("*") if path.is_file())

    def truth(self, table: str) -> list[dict]:
        return pq.read_table(self.home / "truth" / f"{table}.parquet").to_pylist()


def write(home: Path, size: str, seed: int = 20261111) -> Written:
    brand = simulate(seed, **SIZES[size])
    count = exports.write(brand, home / "inbox")
    truth.write(brand, home / "truth")
    return Written(brand, home, count)
