"""Who may import whom: the stages never each other, the orchestrator and Great Expectations only files named here."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STAGES = ("extract", "transform", "publish")
MODULES = sorted(file for folder in ("orchestration", "expectations", "demo") for file in (ROOT / folder).rglob("*.py"))

KNOW_DAGSTER = {
    *(
        f"orchestration/{name}.py"
        for name in ("definitions", "partitions", "resources", "checks", "schedules", "sensors")
    ),
    *(f"orchestration/{name}.py" for name in ("instance", "runs")),
    *(f"orchestration/{stage}/assets.py" for stage in STAGES),
    "orchestration/transform/translator.py",
}
KNOW_GREAT_EXPECTATIONS = {"expectations/runner.py", "expectations/dialect.py"}
# What a pure module of a stage may know of ours besides its own stage.
SHARED = {"orchestration.settings", "orchestration.audit", "orchestration.inbox", "orchestration.privacy"}
FOR_ASSETS = SHARED | {"orchestration.partitions"}


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: write imports in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@pytest.mark.parametrize(
    ("package", "knowing"), [("dagster", KNOW_DAGSTER), ("great_expectations", KNOW_GREAT_EXPECTATIONS)]
)
def test_a_framework_is_known_in_the_files_named_here_only(package: str, knowing: set[str]) -> None:
    found = {
        name(file) for file in MODULES for module in imported(file) if module.partition(".")[0].startswith(package)
    }
    assert found <= knowing


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_knows_itself_and_what_is_shared(stage: str) -> None:
    for file in (ROOT / "orchestration" / stage).glob("*.py"):
        allowed = (FOR_ASSETS if file.name == "assets.py" else SHARED) | {f"orchestration.{stage}"}
        ours = {module for module in imported(file) if module.startswith(("orchestration.", "expectations.", "demo."))}
        strange = {module for module in ours if not any(module.startswith(prefix) for prefix in allowed)}
        assert not strange, f"{name(file)} imports {strange}"


@pytest.mark.parametrize("package", ["expectations", "demo"])
def test_what_stands_apart_imports_nothing_of_ours(package: str) -> None:
    for file in (ROOT / package).rglob("*.py"):
        strange = {m for m in imported(file) if m.startswith(("orchestration.", "expectations.", "demo."))}
        assert all(module.startswith(f"{package}.") for module in strange), f"{name(file)} imports {strange}"


def test_plain_values_are_read_for_a_delivery_alone() -> None:
    readers = [name(file) for file in MODULES if any("privacy.disclosure" in module for module in imported(file))]
    assert all(reader.startswith("orchestration/publish/") for reader in readers)


def test_environment_variables_are_read_in_the_settings_only() -> None:
    readers = {
        name(file)
        for file in MODULES
        if "os.getenv" in (text := file.read_text()) or "environ[" in text or "environ.get" in text
    }
    assert readers <= {"orchestration/settings.py"}


def test_no_module_is_called_by_what_it_is_not() -> None:
    vague = {"utils", "helpers", "common", "misc", "util", "base"}
    assert [name(file) for file in MODULES if file.stem in vague] == []


def test_every_module_says_what_belongs_in_it() -> None:
    silent = [
        name(file)
        for file in MODULES
        if file.name != "__init__.py" and not ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert silent == []
