"""How the models compute: each as its unit tests say, and none by comparing all rows of a table with all of another."""

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


def test_no_model_compares_every_row_with_every_other(installation: SteppedInstallation) -> None:
    """What an outer join wants beside equal keys must not read both of its sides, or DuckDB does without the keys."""
    plans = installation.plans()
    assert len(plans) > 200
    assert [model for model, plan in plans.items() if "BLOCKWISE_NL_JOIN" in plan] == []
