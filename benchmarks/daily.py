"""The same day on a long history and on a short one: `python -m benchmarks.daily [--short 3000000 --long 30000000]`.

Belongs here: two installations, one run of each. Does not: data (`history.py`), time (`measure.py`).

The day's files are equal, byte for byte: new lines, lines that changed, refunds, members, consents. The run is the
whole product: `siyu run --day` with extract, gates, dbt with its tests, publication. Both histories have the same
customers. An untimed run builds each history up to the day before; that state is kept, and brought back before every
repetition.
"""

import filecmp
from datetime import timedelta

from benchmarks.history import NEXT_DAY_ORDERS
from benchmarks.installation import Installation, with_history
from benchmarks.measure import Target, Work, measure, parser, report, run, tell, workplace
from benchmarks.synthetic import Size
from orchestration.settings import DBT_PROJECT
from orchestration.transform.arguments import fingerprint

BUILT = "built"
TIMES_THE_SHORT = 1.3


def built(installation: Installation, size: Size) -> Installation:
    """The installation as it stood at the end of the day before, by the rules of today."""
    rules, stamp = fingerprint(DBT_PROJECT), installation.home / "rules.txt"
    if installation.is_kept(BUILT):
        installation.bring_back(BUILT)
    if not stamp.exists() or stamp.read_text() != rules:
        tell(f"building {size.lines:,} order lines once")
        run(installation.siyu("history", "run", "--day", str(size.last_day)))
        stamp.write_text(rules)
        installation.keep(BUILT)
    return installation


def day_of(name: str, installation: Installation, size: Size) -> Work:
    day = size.last_day + timedelta(days=1)
    return installation.siyu(name, "run", "--day", str(day), prepare=lambda: installation.bring_back(BUILT))


def same_files(one: Installation, other: Installation) -> bool:
    files = sorted(file.relative_to(one.home) for file in one.settings.inbox.rglob("*.csv"))
    _, different, missing = filecmp.cmpfiles(one.home, other.home, map(str, files), shallow=False)
    return bool(files) and not different and not missing


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--short", type=int, default=3_000_000, help="order lines of the short history")
    options.add_argument("--long", type=int, default=30_000_000, help="order lines of the long history")
    options.add_argument("--short-days", type=int, default=Size.days, help="its days")
    options.add_argument("--long-days", type=int, default=Size.days, help="its days; 3650 for as many lines a day")
    options.add_argument("--customers", type=int, default=Size.customers)
    given = options.parse_args()
    lengths = ((given.short, given.short_days), (given.long, given.long_days))
    sizes = [Size(lines=lines, days=days, customers=given.customers) for lines, days in lengths]
    names = [f"day on {size.lines:,} lines of {size.days} days" for size in sizes]
    with workplace(given) as place:
        installations = [built(with_history(place, size, "daily"), size) for size in sizes]
        if not same_files(*installations):
            raise SystemExit(f"The day's files differ: both histories need {NEXT_DAY_ORDERS:,} orders a day or more.")
        works = [day_of(*each) for each in zip(names, installations, sizes, strict=True)]
        runs = measure(works, given.repetitions)
        print(report("The whole daily run", runs, [Target(names[1], names[0], TIMES_THE_SHORT)]))


if __name__ == "__main__":
    main()
