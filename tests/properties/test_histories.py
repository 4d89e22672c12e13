"""Whatever arrives in whichever order: running it step by step ends where one build of the final inbox ends."""

import pytest

from tests.properties import nasty
from tests.properties.equality import assert_incremental_equals_rebuild

SIDE_BY_SIDE = {
    "what shops have really had": nasty.HISTORIES,
    "builds that break off": nasty.BROKEN_OFF,
    "what counted and counts no more": nasty.TAKEN_BACK,
}


@pytest.mark.parametrize("histories", SIDE_BY_SIDE.values(), ids=SIDE_BY_SIDE)
def test_incremental_equals_rebuild(histories, installation):
    assert_incremental_equals_rebuild(installation, histories)


@pytest.mark.xfail(strict=True, reason="a row keeps the line number of the copy that landed first")
def test_line_numbers_do_not_depend_on_the_copy_that_came_first(installation):
    assert_incremental_equals_rebuild(installation, nasty.OTHER_ORDER_FIRST)
