"""The definitions of an empty installation, built once."""

from pathlib import Path

import dagster as dg
import pytest

from orchestration.definitions import build_definitions
from orchestration.settings import Settings


@pytest.fixture(scope="session")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    home: Path = tmp_path_factory.mktemp("home")
    return build_definitions(Settings(home=home))
