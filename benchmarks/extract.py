"""Extracting one large export, against DuckDB and pandas: `python -m benchmarks.extract [--megabytes 1000]`.

Belongs here: the export, three ways of making Parquet of it, their targets. Does not: time (`measure.py`).

The export is the simulated brand's Douyin order report in GB18030, header and all. We land it: proved, typed, accounted
for, in the lake and in the book. pandas reads the same bytes as text; in another work it reads only the columns that
we load, types them, money as floats, and writes them. DuckDB copies the same rows in UTF-8, untyped: all columns, and
only those that we load. Starting Python counts for everyone. The last line tells what a small file costs in a delivery
of many.
"""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from benchmarks.measure import Run, Target, Work, call, measure, parser, report, run, tell, workplace
from demo.brand import simulate
from demo.catalogue import DOUYIN_SHOPS
from demo.douyin_orders import order_export
from orchestration.audit import Audit
from orchestration.extract.contracts import Contract, load_contracts
from orchestration.extract.landing import land
from orchestration.settings import CONTRACTS

DATASET = ("douyin", "orders")
DAY = date(2024, 1, 2)
DAYS_AT_A_TIME = 10
SCALE_ONE = 1.4  # megabytes that the second shop exports in a year at scale 1, at least
SMALL_FILES, SMALL_ROWS = 200, 20
SIYU, PANDAS, PANDAS_SAME = "siyu", "pandas.read_csv", "pandas, our columns, typed"
DUCKDB, DUCKDB_SAME = "DuckDB", "DuckDB, our columns"
TIMES_DUCKDB, OF_PANDAS, OF_ITS_MEMORY = 3, 0.2, 0.1
NUMBERS, TIMES = ("money", "integer"), ("timestamp",)


def make(place: str, megabytes: float) -> None:
    """The export as a delivery, its twin in UTF-8, and small files cut from its head, each in a delivery of its own."""
    home, size = Path(place), 0
    with delivered(home / "big").open("wb") as ours, (home / "utf8.csv").open("wb") as twin:
        for piece in pieces(megabytes):
            whole = piece[: piece.rfind(b"\n", 0, max(0, int(megabytes * 1e6) - size)) + 1]
            size += ours.write(whole)
            twin.write(whole.decode("gb18030").encode())
    with delivered(home / "big").open("rb") as ours:
        header = ours.readline()
        for number in range(SMALL_FILES):
            rows = b"".join(ours.readline() for _ in range(SMALL_ROWS))
            delivered(home / "many", f"{number}.csv").write_bytes(header + rows)
    shutil.copy(delivered(home / "many", "0.csv"), delivered(home / "one"))


def delivered(home: Path, name: str = "orders.csv") -> Path:
    path = home.joinpath("inbox", *DATASET, DAY.isoformat(), "shop", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def pieces(megabytes: float) -> Iterator[bytes]:
    """The report from its header on, some days at a time; no record of the brand's breaks a line."""
    brand = simulate(scale=megabytes / SCALE_ONE)
    start = 0
    for day in list(brand.calendar)[DAYS_AT_A_TIME - 1 :: DAYS_AT_A_TIME]:
        text = order_export(brand, DOUYIN_SHOPS[1], day, DAYS_AT_A_TIME) or b""
        yield text[start:]
        start = text.index(b"\n") + 1


def with_siyu(home: str) -> None:
    """The product's own landing, from the inbox to the lake and the book."""
    place = Path(home)
    audit = Audit(place / "audit.sqlite")
    summary = land(load_contracts([CONTRACTS]), *DATASET, [DAY], place / "inbox", place / "lake", audit)
    if summary.refused or summary.rows_loaded != summary.rows_read or not summary.rows_read:
        raise SystemExit(f"not every row was loaded: {summary}")


def forget(home: Path) -> None:
    shutil.rmtree(home / "lake", ignore_errors=True)
    for file in home.glob("audit.sqlite*"):
        file.unlink()


def with_pandas(source: str) -> None:
    import pandas as pd  # noqa: PLC0415 - starting pandas is no part of the others

    pd.read_csv(source, encoding="gb18030", dtype=str)


def with_pandas_typed(home: str, source: str) -> None:
    import pandas as pd  # noqa: PLC0415 - starting pandas is no part of the others

    types = loaded_types(Path(source))
    frame = pd.read_csv(source, encoding="gb18030", dtype=str, na_values=["-"], usecols=list(types))
    for header, kind in types.items():
        if kind in NUMBERS:
            frame[header] = pd.to_numeric(frame[header])
        elif kind in TIMES:
            frame[header] = pd.to_datetime(frame[header], format="%Y-%m-%d %H:%M:%S")
        else:
            frame[header] = frame[header].str.strip()
    frame.to_parquet(Path(home) / "pandas.parquet")


def with_duckdb(home: str, source: str, columns: str) -> None:
    import duckdb  # noqa: PLC0415 - as above

    rows = f"select {columns} from read_csv('{source}', all_varchar = true)"
    duckdb.execute(f"copy ({rows}) to '{home}/duckdb.parquet' (format parquet)")


def loaded_types(export: Path) -> dict[str, str]:
    """The headers of the export that the contract loads, with their types."""
    contract: Contract = load_contracts([CONTRACTS])[DATASET]
    known = {header: column.type for column in contract.loaded.values() for header in column.header}
    with export.open(encoding="gb18030") as lines:
        return {header: known[header] for header in lines.readline().strip().split(",") if header in known}


def works(home: Path) -> list[Work]:
    export, twin = str(delivered(home / "big")), str(home / "utf8.csv")
    ours = ", ".join(f'"{header}"' for header in loaded_types(Path(export)))
    return [
        Work(SIYU, call(with_siyu, str(home / "big")), prepare=lambda: forget(home / "big")),
        Work(DUCKDB, call(with_duckdb, str(home), twin, "*")),
        Work(DUCKDB_SAME, call(with_duckdb, str(home), twin, ours)),
        Work(PANDAS, call(with_pandas, export)),
        Work(PANDAS_SAME, call(with_pandas_typed, str(home), export)),
    ]


TARGETS = [
    Target(SIYU, DUCKDB, TIMES_DUCKDB),
    Target(SIYU, DUCKDB_SAME),
    Target(SIYU, PANDAS, OF_PANDAS),
    Target(SIYU, PANDAS, OF_ITS_MEMORY, of="memory"),
    Target(SIYU, PANDAS_SAME),
    Target(SIYU, PANDAS_SAME, of="memory"),
    Target(SIYU, DUCKDB, of="memory"),
]


def small_file(home: Path, repetitions: int) -> str:
    """What one more small file costs: the difference between a delivery of many and one of a single file."""
    names = {SMALL_FILES: "many", 1: "one"}
    landing = [
        Work(name, call(with_siyu, str(home / name)), prepare=lambda name=name: forget(home / name))  # type: ignore[misc]
        for name in names.values()
    ]
    runs = measure(landing, repetitions)
    many, one = (min(done.seconds for done in runs[name]) for name in names.values())
    return f"A small file ({SMALL_ROWS} rows) costs {1000 * (many - one) / (SMALL_FILES - 1):.1f} ms beside others."


def speeds(runs: dict[str, list[Run]], megabytes: float) -> str:
    best = {name: min(done.seconds for done in repeated) for name, repeated in runs.items()}
    return "; ".join(f"{name} {megabytes / seconds:.0f} MB/s" for name, seconds in best.items())


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--megabytes", type=float, default=1000, help="size of the export (default: 1000)")
    given = options.parse_args()
    with workplace(given) as place:
        home = place / f"export-{given.megabytes:g}"
        if not (home / "one").exists():
            tell(f"an export of {given.megabytes:g} MB: {home}")
            run(Work("the export", call(make, str(home), given.megabytes)))
        runs = measure(works(home), given.repetitions)
        print(report(f"Extracting an export of {given.megabytes:g} MB", runs, TARGETS))
        print(f"\nAt best, of the GB18030 file: {speeds(runs, given.megabytes)}")
        print(small_file(home, given.repetitions))


if __name__ == "__main__":
    main()
