"""All KPI outputs for a year of days against one day: `python -m benchmarks.backfill [--lines 10000000] [--days 365]`.

Belongs here: two installations on one history, asked for one day and for many; the KPI tables made anew in each. Does
not: data (`history.py`), time (`measure.py`).

Everything before the KPI outputs is built once, untimed. What is measured is dbt making every KPI table whole in one
run, starting dbt counts: once more it does nothing, so that this share can be seen.
"""

from datetime import timedelta
from functools import partial

import duckdb

from benchmarks.installation import NO_TESTS, Installation, with_history
from benchmarks.measure import Target, measure, parser, report, run, tell, workplace
from benchmarks.synthetic import Size

START = "dbt with nothing to do"
KPIS = "outputs.kpis"
TIMES_A_DAY = 5


def built(installation: Installation, size: Size, days: int) -> Installation:
    """Asked for the last days of the history, with everything that the KPI outputs read."""
    tell(f"building {size.lines:,} order lines for {days} business days once")
    installation.ask_for([size.last_day - timedelta(days=number) for number in range(days)])
    run(installation.rebuild("everything before the KPI outputs", "--select", f"+{KPIS}"))
    return installation


def forget_kpis(installation: Installation) -> None:
    """Drops every KPI table: dbt makes tables by day anew for no other reason, `--full-refresh` included."""
    with duckdb.connect(installation.settings.finished_file) as connection:
        found = "select table_name from duckdb_tables() where starts_with(table_name, 'kpi__')"
        for (table,) in connection.execute(found).fetchall():
            connection.execute(f"drop table outputs.{table}")


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--lines", type=int, default=Size.lines)
    options.add_argument("--customers", type=int, default=Size.customers)
    options.add_argument("--days", type=int, default=365)
    given = options.parse_args()
    size = Size(lines=given.lines, customers=given.customers)
    with workplace(given) as place:
        installations = {
            f"KPIs of {days} day{'s' * (days > 1)}": built(with_history(place, size, f"kpis-{days}"), size, days)
            for days in (1, given.days)
        }
        works = [
            installation.dbt(name, "build", *NO_TESTS, "--select", KPIS, prepare=partial(forget_kpis, installation))
            for name, installation in installations.items()
        ]
        one, many = installations
        start = installations[one].dbt(START, "run", "--select", "nothing")
        runs = measure([*works, start], given.repetitions)
        title = f"KPI outputs on {size.lines:,} order lines"
        print(report(title, runs, [Target(many, one, TIMES_A_DAY), Target(START, one)]))


if __name__ == "__main__":
    main()
