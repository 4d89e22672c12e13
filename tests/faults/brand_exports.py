"""The newest files of the simulated brand, one of each form of each export, as tables that a test can damage.

Belongs here: finding them and writing them again as they were. Does not: what is done to them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from demo import exports
from demo.brand import simulate
from orchestration.extract.contracts import Contract, ContractKey, fold
from tests.faults.conftest import csv_text, workbook
from tests.unit.demo.reading import encoding_of, table_of

LAST_DAY, DAYS, LOOKED_AT, ROWS = date(2026, 6, 21), 60, 21, 30
Table = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Export:
    """The header and the first rows of a file."""

    path: Path  # inbox/<platform>/<dataset>/…
    header: Sequence[str]
    rows: Table

    @property
    def dataset(self) -> ContractKey:
        return self.path.parts[1], self.path.parts[2]

    @property
    def is_workbook(self) -> bool:
        return self.path.suffix == ".xlsx"

    @property
    def encoding(self) -> str:
        return encoding_of(self.path)

    def places(self, contract: Contract) -> dict[str, list[int]]:
        """Where each column of the contract stands, the place that is read first."""
        at = [fold(name) for name in self.header]
        found = {
            name: [at.index(fold(header)) for header in column.header if fold(header) in at]
            for name, column in contract.columns.items()
        }
        return {name: places for name, places in found.items() if places}

    def content(self, header: Sequence[str] | None = None, rows: Table | None = None, encoding: str = "") -> bytes:
        """The bytes, with another header, other rows or in another encoding."""
        table = [header or self.header, *(rows or self.rows)]
        if not self.is_workbook:
            return csv_text(table[0], table[1:], line_end="\r\n").encode(encoding or self.encoding)
        with TemporaryDirectory() as folder:
            file = Path(folder) / "a.xlsx"
            workbook(file, lambda book: _filled(book.add_worksheet(), table))
            return file.read_bytes()


@cache
def of_brand() -> Mapping[ContractKey, Sequence[Export]]:
    """By dataset, the forms of each."""
    brand = simulate(scale=0.05, days=DAYS, last_day=LAST_DAY)
    days = [day for day in brand.calendar if day == brand.calendar.first_day or (LAST_DAY - day).days < LOOKED_AT]
    found: dict[tuple[ContractKey, tuple[str, ...]], Export] = {}
    with TemporaryDirectory() as folder:
        for place, content in (delivery for day in days for delivery in exports.deliveries(brand, day)):
            file = Path(folder, "inbox", place)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content or b"")
            header, *rows = table_of(file) if content else [[]]
            if len(rows) > 1:
                export = Export(Path("inbox", place), header, rows[:ROWS])
                found[export.dataset, tuple(header)] = export
    return {dataset: [each for (of, _), each in found.items() if of == dataset] for dataset, _ in found}


def _filled(sheet, table: Table) -> None:
    for number, row in enumerate(table):
        for place, cell in enumerate(row):
            sheet.write_string(number, place, cell)
