"""A feed that ends, and one that comes back, leave every data test as it was: what is unknown is no finding."""

import pytest

from tests.properties.exports import campaign, consent, line, member, touch
from tests.properties.histories import side_by_side
from tests.properties.nasty.writing import came, history, step

pytestmark = pytest.mark.long

# Orders go on beyond the silence of the members, then the members beyond that of the orders.
SILENCES = history(
    "members fall silent, then orders, and both come back",
    step(
        came("campaigns", "01-05", campaign()),
        came("members", "01-05", member("a1", "01-05"), member("a2", "01-04")),
        came("consents", "01-05", consent("a1"), consent("a2")),
        came("touches", "01-06", touch("t1", sent="01-06")),
        came("order_lines", "01-31", line("l1", paid="01-08"), line("l2", "o2", "a3", paid="01-31")),
        came("order_lines", "07-06", line("l3", "o3", paid="07-04"), line("l4", "o4", paid="07-06")),
        asked="01-05 01-06 01-07 01-31 02-28 07-04 07-05 07-06",
    ),
    step(
        came("members", "2026-12-20", member("a4", "07-20"), member("a5", "12-20")),
        came("order_lines", "2027-02-10", line("l5", "o5", "a4", paid="2027-02-09")),
        asked="07-20 07-21 12-31 2027-01-02 2027-01-03 2027-01-31 2027-02-08 2027-02-09",
    ),
)


def test_no_data_test_fails_across_a_silence(installation):
    found = {}
    for number, _ in enumerate(installation.tables_along(side_by_side([SILENCES])), 1):
        found |= {f"step {number}: {name}": message for name, message in installation.data_tests().items() if message}
    assert found == {}
