"""Our rebuild against what a user would write instead: `python -m benchmarks.peers [--lines 10_000_000]`.

Belongs here: the four works, their agreement, the targets. Does not: the scripts (beside this file), what is compared
(`agreement.py`), data (`history.py`).

All read the same Parquet files, use two cores and leave the same four marts behind: order lines with their refunds,
orders, customers' RFM as of the last day, sales by shop and day. The results are compared before a time is printed.
Ours is dbt building these marts and all they need, starting dbt included. Polars, which the product does not use, is
installed into an environment beside the data: the extra `benchmarks` of pyproject.toml.
"""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from benchmarks.agreement import disagreements
from benchmarks.installation import Installation, with_history
from benchmarks.measure import Target, Work, measure, parser, report, tell, workplace
from benchmarks.synthetic import Size
from orchestration.settings import PROJECT_ROOT

OURS = "ours"
MARTS = ("+order_lines", "+orders", "+customer_accounts", "+customer_rfm_daily", "+kpi__sales_daily")
CORES = "2"
THREADS = {"POLARS_MAX_THREADS": CORES, "OMP_NUM_THREADS": CORES}
TARGETS = [
    Target("pandas", OURS, 5, "least"),
    Target("pandas", OURS, 3, "least", "memory"),
    Target(OURS, "polars", 1.5),
    Target(OURS, "polars", of="memory"),
    Target(OURS, "duckdb", 1.5),
    Target(OURS, "duckdb", of="memory"),
]


def polars_environment(place: Path) -> Path:
    """The interpreter of an environment with Polars, made where there is none."""
    environment = place / "polars"
    python = environment / "bin" / "python"
    if not python.exists():
        project = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        packages = project["project"]["optional-dependencies"]["benchmarks"]
        tell(f"installing {', '.join(packages)} into {environment}")
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *packages], check=True)
    return python


def by_hand(tool: str, python: Path, installation: Installation, day: str) -> Work:
    """A script of this folder; it leaves its results in a folder of the installation."""
    out = results(installation, tool)
    script = Path(__file__).with_name(f"{tool}_script.py")
    command = [str(python), str(script), str(installation.settings.lake), str(out), day]
    return Work(tool, command, THREADS, prepare=lambda: _empty(out))


def results(installation: Installation, tool: str) -> Path:
    return installation.home / "results" / tool


def disagreeing(installation: Installation, tools: Sequence[str]) -> list[str]:
    finished = installation.settings.finished_file
    return [f"{tool}: {what}" for tool in tools for what in disagreements(finished, results(installation, tool))]


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--lines", type=int, default=Size.lines)
    options.add_argument("--customers", type=int, default=Size.customers)
    given = options.parse_args()
    size = Size(lines=given.lines, customers=given.customers)
    with workplace(given) as place:
        pythons = {"duckdb": Path(sys.executable), "polars": polars_environment(place), "pandas": Path(sys.executable)}
        installation = with_history(place, size, "peers")
        installation.ask_for([Size.last_day])
        day = str(size.last_day)
        scripts = [by_hand(tool, python, installation, day) for tool, python in pythons.items()]
        runs = measure([installation.rebuild(OURS, "--select", *MARTS), *scripts], given.repetitions)
        if different := disagreeing(installation, list(pythons)):
            raise SystemExit("The results differ, so no time is worth printing:\n" + "\n".join(different))
        title = f"The same marts from {size.lines:,} order lines, results equal to the cent"
        print(report(title, runs, TARGETS))


if __name__ == "__main__":
    main()
