"""A full rebuild against one scan of the raw order lines: `python -m benchmarks.rebuild [--lines 10_000_000]`.

Belongs here: the two commands and their targets. Does not: data (`history.py`), time (`measure.py`).

The rebuild is the product's own dbt run from staging to outputs with its seeds and without its tests, into new files,
as of one business day; starting dbt counts. The scan decodes every column of the same Parquet files. With `--scaling`,
the rebuild of ten times the lines against that of the lines.
"""

from pathlib import Path

from benchmarks.installation import Installation, with_history
from benchmarks.measure import Target, Work, call, measure, parser, report, workplace
from benchmarks.scan import scan
from benchmarks.synthetic import Size

REBUILD, SCAN, START = "full rebuild", "one scan", "dbt with nothing to do"
TIMES_A_SCAN = 15
TIMES_FOR_TEN = 12
MEMORY = 24  # GiB


def against_scan(installation: Installation, lines: int, repetitions: int) -> str:
    works = [
        installation.rebuild(REBUILD),
        Work(SCAN, call(scan, installation.lines)),
        installation.dbt(START, "run", "--select", "nothing"),
    ]
    targets = [Target(REBUILD, SCAN, TIMES_A_SCAN), Target(START, SCAN)]
    return report(f"Full rebuild of {lines:,} order lines", measure(works, repetitions), targets)


def scaling(place: Path, installation: Installation, lines: int, customers: int, repetitions: int) -> str:
    small, large = f"rebuild of {lines:,}", f"rebuild of {10 * lines:,}"
    tenfold = with_history(place, Size(lines=10 * lines, customers=customers), "rebuild")
    tenfold.ask_for([Size.last_day])
    runs = measure([installation.rebuild(small), tenfold.rebuild(large)], repetitions)
    table = report("Ten times the order lines", runs, [Target(large, small, TIMES_FOR_TEN)])
    peak = max(done.peak for done in runs[large]) / 2**10
    return f"{table}\n\nMemory: {peak:.1f} GiB at most; {MEMORY} allowed: {'met' if peak <= MEMORY else 'not met'}"


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--lines", type=int, default=Size.lines)
    options.add_argument("--customers", type=int, default=Size.customers)
    options.add_argument("--scaling", action="store_true", help="compare with ten times the lines instead")
    given = options.parse_args()
    with workplace(given) as place:
        installation = with_history(place, Size(lines=given.lines, customers=given.customers), "rebuild")
        installation.ask_for([Size.last_day])
        if given.scaling:
            print(scaling(place, installation, given.lines, given.customers, given.repetitions))
        else:
            print(against_scan(installation, given.lines, given.repetitions))


if __name__ == "__main__":
    main()
