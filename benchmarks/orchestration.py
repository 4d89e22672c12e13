"""The whole daily run of the demo against dbt alone: `python -m benchmarks.orchestration [--days 365]`.

Belongs here: the demo's installation before its last day, and the two ways to take that day in. Does not: time
(`measure.py`).

The one is `siyu run --day` with extract, gates, dbt and publication; the other is `dbt build` of the same seeds, models
and data tests, on the same state, with the day's deliveries in the lake and in the plan already.
"""

import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

from benchmarks.installation import Installation
from benchmarks.measure import Target, measure, parser, report, run, tell, workplace
from orchestration import inbox
from orchestration.settings import PROJECT_ROOT

BEFORE, AFTER = "before", "after"
TIMES_DBT = 2
WHOLE, DBT = "siyu run --day", "dbt build"


def before_last_day(place: Path, scale: float, days: int) -> tuple[Installation, date]:
    """The demo with every day published but the last, whose files lie in the inbox."""
    installation = Installation(place / f"demo-{scale:g}-{days}")
    shutil.rmtree(installation.home, ignore_errors=True)
    tell(f"demo at scale {scale:g}, {days} days: {installation.home}")
    brand = ["--home", str(installation.home), "--scale", str(scale), "--days", str(days)]
    subprocess.run([sys.executable, "-m", "demo", *brand], cwd=PROJECT_ROOT, check=True, stdout=sys.stderr)
    delivered = sorted(inbox.states(installation.settings.inbox))
    first, last = delivered[0], delivered[-1]
    run(installation.siyu("demo", "run", "--from", str(first), "--to", str(last - timedelta(days=1))))
    installation.keep(BEFORE)
    return installation, last


def delivered_only(installation: Installation) -> None:
    """The state before the last day, with its deliveries in the lake and in the plan: where dbt starts in a run."""
    installation.bring_back(BEFORE)
    after = installation.kept(AFTER)
    for part in ("lake", "warehouse/plan"):
        shutil.rmtree(installation.home / part)
        shutil.copytree(after / part, installation.home / part)


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--scale", type=float, default=1.0)
    options.add_argument("--days", type=int, default=365)
    given = options.parse_args()
    with workplace(given) as place:
        installation, last = before_last_day(place, given.scale, given.days)
        whole = installation.siyu(WHOLE, "run", "--day", str(last), prepare=lambda: installation.bring_back(BEFORE))
        run(whole)
        installation.keep(AFTER)
        build = ("build", "--exclude-resource-type", "unit_test")
        dbt = installation.dbt(DBT, *build, prepare=lambda: delivered_only(installation))
        runs = measure([whole, dbt], given.repetitions)
        print(report(f"The daily run of {last} on the demo", runs, [Target(WHOLE, DBT, TIMES_DBT)]))


if __name__ == "__main__":
    main()
