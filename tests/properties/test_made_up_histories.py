"""Made-up histories, several side by side: running them step by step ends where one build of the final inbox ends.

A few examples, the same ones every time; `--hypothesis-profile=thorough` looks further and shrinks what it finds.
"""

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from tests.properties.equality import assert_incremental_equals_rebuild
from tests.properties.histories import side_by_side
from tests.properties.strategies import histories

pytestmark = pytest.mark.long

IS_THOROUGH = settings.get_current_profile_name() == "thorough"
BATCH = {"min_size": 1 if IS_THOROUGH else 4, "max_size": 8}
UNHURRIED = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=True)
FEW = settings(UNHURRIED, derandomize=True, phases=[Phase.explicit, Phase.generate])


def looking(few: int) -> settings:
    return settings(UNHURRIED, max_examples=few * 25) if IS_THOROUGH else settings(FEW, max_examples=few)


@looking(few=3)
@given(several=st.lists(histories(), **BATCH))
def test_incremental_equals_rebuild(installation, several):
    assume(len([step for step in side_by_side(several) if step.changes]) > 1)
    assert_incremental_equals_rebuild(installation, several)
