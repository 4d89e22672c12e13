"""The unit tests that stand beside the models: each gives its model a few rows and compares what comes out."""

from pathlib import Path

import pytest

from tests.properties.exports import day
from tests.properties.histories import Step
from tests.properties.installation import SteppedInstallation


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> SteppedInstallation:
    """Every table, without a row: dbt reads from them which columns a model is given."""
    empty = SteppedInstallation(Path(tmp_path_factory.mktemp("unit") / "home"))
    empty.tables_after([Step({}, (day("01-05"),))])
    return empty


def test_every_model_does_what_its_examples_say(installation: SteppedInstallation) -> None:
    outcomes = installation.unit_tests()
    assert len(outcomes) > 20
    wrong = [f"{name}: {told}" for name, told in outcomes.items() if told]
    assert not wrong, "\n".join(wrong)
