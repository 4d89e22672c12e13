"""Whatever arrives in whichever order: running it step by step ends where one build of the final inbox ends."""

import pytest

from tests.properties.equality import assert_incremental_equals_rebuild
from tests.properties.nasty.files import BROKEN_OFF, FILES, LEVELS_GONE, MEMBERS_GONE, OTHER_ORDER_FIRST, TAKEN_BACK
from tests.properties.nasty.goods import GOODS
from tests.properties.nasty.identity import BROKEN_OFF_MERGE, IDENTITY
from tests.properties.nasty.lists import DAYS_APART, LISTS, ORDERS_TOLD
from tests.properties.nasty.mappings import MAPPINGS, MAPPINGS_GONE
from tests.properties.nasty.orders import OF_SEVERAL_CUSTOMERS, ORDERS
from tests.properties.nasty.people import PEOPLE
from tests.properties.nasty.platforms import OTHER_ORDERS, OTHER_SHOPS, PLATFORMS
from tests.properties.nasty.refunds import REFUNDS, REFUNDS_TOLD
from tests.properties.nasty.shared import SHARED

pytestmark = pytest.mark.long

SIDE_BY_SIDE = {
    "what shops have really had": [
        *ORDERS,
        *MAPPINGS,
        *OF_SEVERAL_CUSTOMERS,
        *FILES,
        *OTHER_ORDER_FIRST,
        *REFUNDS,
        *PEOPLE,
        *PLATFORMS,
        *SHARED,
    ],
    "lists of products": GOODS,
    "who is who": IDENTITY,
    "who is on a list": LISTS,
    "lists of days apart": DAYS_APART,
    "what lists tell of orders": ORDERS_TOLD,
    "sub-orders that move to other orders": OTHER_ORDERS,
    "what comes again under another shop": OTHER_SHOPS,
    **{history.name: [history] for history in [*BROKEN_OFF, BROKEN_OFF_MERGE]},
    "what counted and counts no more": [*TAKEN_BACK, *MEMBERS_GONE, *LEVELS_GONE, *MAPPINGS_GONE, *REFUNDS_TOLD],
}


@pytest.mark.parametrize("histories", SIDE_BY_SIDE.values(), ids=SIDE_BY_SIDE)
def test_incremental_equals_rebuild(histories, installation):
    assert_incremental_equals_rebuild(installation, histories)
