"""Whatever arrives in whichever order: running it step by step ends where one build of the final inbox ends."""

import pytest

from tests.properties.equality import assert_incremental_equals_rebuild
from tests.properties.nasty.files import BROKEN_OFF, FILES, OTHER_ORDER_FIRST, TAKEN_BACK
from tests.properties.nasty.orders import OF_SEVERAL_CUSTOMERS, ORDERS
from tests.properties.nasty.people import PEOPLE
from tests.properties.nasty.platforms import PLATFORMS
from tests.properties.nasty.refunds import REFUNDS

SIDE_BY_SIDE = {
    "what shops have really had": [*ORDERS, *FILES, *REFUNDS, *PEOPLE, *PLATFORMS],
    **{history.name: [history] for history in BROKEN_OFF},
    "what counted and counts no more": TAKEN_BACK,
}


@pytest.mark.parametrize("histories", SIDE_BY_SIDE.values(), ids=SIDE_BY_SIDE)
def test_incremental_equals_rebuild(histories, installation):
    assert_incremental_equals_rebuild(installation, histories)


@pytest.mark.xfail(strict=True, reason="an order is built anew from the lines of one of its customers alone")
def test_orders_of_several_customers(installation):
    assert_incremental_equals_rebuild(installation, OF_SEVERAL_CUSTOMERS)


@pytest.mark.xfail(strict=True, reason="a row keeps the line number of the copy that landed first")
def test_line_numbers_do_not_depend_on_the_copy_that_came_first(installation):
    assert_incremental_equals_rebuild(installation, OTHER_ORDER_FIRST)
