"""What dbt is told: its arguments and its environment. No `--vars`: they would re-parse the project at every change.

Belongs here: the command line, the `SIYU_…` variables of the profile and the sources, where dbt leaves its traces.
Does not: running it.
"""

import hashlib
import sys
from pathlib import Path

from orchestration.settings import Settings
from orchestration.transform.plan import Plan

EXECUTABLE = Path(sys.executable).with_name("dbt")  # beside the interpreter, whatever PATH says


def build_arguments(plan: Plan, with_tests: bool = True) -> list[str]:
    """One build: models, seeds and data tests. Unit tests are for developers, not for the daily run."""
    left_out = ["unit_test"] if with_tests else ["unit_test", "test"]
    full = ["--full-refresh"] if plan.needs_full_refresh else []
    return ["build", *(text for kind in left_out for text in ("--exclude-resource-type", kind)), *full]


def environment(settings: Settings) -> dict[str, str]:
    """What the dbt project reads. Its traces stay in the installation, never in the source tree."""
    return {
        "SIYU_LAKE": str(settings.lake),
        "SIYU_PLAN": str(settings.plan),
        "SIYU_WAREHOUSE": str(settings.warehouse_file),
        "SIYU_FINISHED": str(settings.finished_file),
        "SIYU_MEMORY_LIMIT": settings.memory_limit,
        "SIYU_THREADS": str(settings.threads),
        "DBT_TARGET_PATH": str(target(settings)),
        "DBT_LOG_PATH": str(target(settings)),
        "DBT_LOG_LEVEL_FILE": "info",  # its debug level is 20 MB a build, and half of the build's time
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }


def target(settings: Settings) -> Path:
    return settings.home / "dbt"


def fingerprint(project: Path) -> str:
    """The content of the dbt project's files: other rules, other fingerprint."""
    digest = hashlib.sha256()
    for file in sorted(project.rglob("*")):
        inside = file.relative_to(project)
        if file.is_file() and inside.parts[0] not in {"target", "logs"} and not inside.name.startswith("."):
            digest.update(f"{inside}\0{file.stat().st_size}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]
