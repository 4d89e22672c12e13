"""What each model computes, as a fingerprint: of its compiled SQL and of everything that it is made of.

Belongs here: compiling the project away from any warehouse, and reading the SQL. Comments, spaces and the place of an
installation are not logic. Does not: deciding what is rebuilt (macros/state.sql).
"""

import ast
import hashlib
import json
import os
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import sqlglot

from orchestration.transform.arguments import EXECUTABLE, fingerprint

DIALECT = "duckdb"
NOWHERE = {"SIYU_LAKE": "lake", "SIYU_PLAN": "plan", "SIYU_WAREHOUSE": ":memory:", "SIYU_FINISHED": ":memory:"}


def logic_of_models(project: Path, traces: Path) -> dict[str, str]:
    """The fingerprint of every model of the project by name; compiles (some seconds) only where its files changed."""
    known, now = traces / "logic.json", fingerprint(project)
    if known.exists():
        remembered = json.loads(known.read_text())
        if remembered["project"] == now:
            return dict(remembered["logic"])
    logic = fingerprints(_compiled(project, traces / "logic"))
    unfinished = known.with_suffix(".unfinished")
    unfinished.write_text(json.dumps({"project": now, "logic": logic}, indent=1))
    unfinished.replace(known)
    return logic


def fingerprints(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Models by name, each with the hash of its own SQL and of its ancestors' hashes; of a seed, its file counts."""
    nodes = manifest["nodes"]

    @cache
    def of(name: str) -> str:
        node = nodes[name]
        own = _normal(node) if node["resource_type"] == "model" else node["checksum"]["checksum"]
        above = sorted(of(parent) for parent in node["depends_on"].get("nodes", []) if parent in nodes)
        return hashlib.sha256("\n".join([own, *above]).encode()).hexdigest()[:16]

    return {node["name"]: of(name) for name, node in sorted(nodes.items()) if node["resource_type"] == "model"}


def _normal(node: Mapping[str, Any]) -> str:
    if node["language"] == "python":
        return ast.unparse(ast.parse(node["raw_code"]))
    return sqlglot.parse_one(node["compiled_code"], dialect=DIALECT).sql(dialect=DIALECT, comments=False)


def _compiled(project: Path, target: Path) -> dict[str, Any]:
    """The project's manifest with the SQL of a build from nothing."""
    command = [
        str(EXECUTABLE),
        "compile",
        "--quiet",
        "--no-introspect",
        "--full-refresh",
        "--select",
        "resource_type:model",
    ]
    places = ["--project-dir", str(project), "--profiles-dir", str(project)]
    environment = os.environ | NOWHERE | {"DBT_TARGET_PATH": str(target), "DBT_LOG_PATH": str(target)}
    done = subprocess.run([*command, *places], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"dbt cannot compile {project}:\n{done.stdout}{done.stderr}")
    return dict(json.loads((target / "manifest.json").read_text()))
