"""Campaigns that read other campaigns, and filters: one change at a time, none of which any other table would show.

After each of them the tables are those of a build from nothing. What concerns single templates is in their unit tests.
"""

from collections.abc import Mapping
from itertools import pairwise

import pytest

from tests.properties.equality import differences, rebuilt
from tests.properties.exports import campaign, consent, influencer, line, member, moment, own, points, touch
from tests.properties.histories import History, side_by_side
from tests.properties.nasty.writing import came, step

pytestmark = pytest.mark.long

LISTS = ("w1", "w2", "b", "o", "f")
PEOPLE = ("a1", "a2", "a3", "a4", "a5")


def planned(campaign_id: str, template: str, start: str, end: str, **parameters: str) -> dict[str, str]:
    return {**campaign(campaign_id, template, start, end, holdout="0.2"), **parameters}


def sent(touch_id: str, account: str, by: str) -> dict[str, str]:
    return {**touch(touch_id, account, "02-02"), "campaign_id": own(by)}


def watched(account: str) -> dict[str, str]:
    return {"shop_id": "s1", "account_id": own(account), "event_type": "live_watch", "occurred_at": moment("02-09")}


def named(row: Mapping[str, str], name: str) -> dict[str, str]:
    return {**row, "influencer_name": name}


SALE = line("l5", "o5", "a5", paid="02-03", influencer="i1")
SELECTION = planned("f", "free_selection", "02-10", "02-10", filter="influencer_name = 'Lin' or points_balance > 5")
FIRST = step(
    came(
        "campaigns",
        "01-05",
        planned("w1", "promotion_wave_one", "02-01", "02-02", reference_periods="2025-06-01/2025-06-20"),
        planned("w2", "promotion_wave_two", "02-10", "02-10", wave_one_campaign_id=own("w1")),
        planned("b", "new_members_without_purchase", "02-10", "02-10", max_days="99"),
        planned("o", "tag_overlay", "02-10", "02-10", base_campaign_id=own("b"), variant_ratio="1"),
        SELECTION,
    ),
    came("members", "01-05", member("m1"), member("m2")),
    came("consents", "01-05", *(consent(who) for who in PEOPLE)),
    came("influencers", "01-05", influencer("i1")),
    came("points", "01-05", points("e1", "a1", "6")),
    came(
        "order_lines",
        "01-05",
        *(line(f"x{who}", f"x{who}", who, paid="2025-05-01") for who in PEOPLE),
        *(line(f"y{who}", f"y{who}", who, paid="2025-06-05") for who in PEOPLE[:2]),
        named(SALE, "Lan"),
    ),
    came("events", "01-05", watched("m1")),
    came("touches", "01-05", sent("t1", "a1", "b"), sent("t2", "a2", "w1")),
    asked="02-10",
)
CHANGES = {
    "the day of the first wave is asked for": step(asked="02-01"),
    "a message was of the first wave": step(came("touches", "01-06", sent("t1", "a1", "w1"))),
    "an influencer has another name": step(came("order_lines", "01-07", named(SALE, "Lin"))),
    "another filter": step(came("campaigns", "01-08", {**SELECTION, "filter": "not product_id = 'p1'"})),
    "a filter that cannot be read keeps its campaign as it was": step(
        came(
            "campaigns",
            "01-09",
            {**SELECTION, "filter": "shoe_size = 1"},
            planned("g", "free_selection", "02-10", "02-10"),
        )
    ),
}


def test_what_campaigns_read_of_others_reaches_them(installation):
    steps = side_by_side([History("waves", (FIRST, *CHANGES.values()))])
    along = list(installation.tables_along(steps))
    for count, change in enumerate(CHANGES, start=1):
        found = differences(along[count], rebuilt(installation, steps[: count + 1]))
        assert not found, "\n".join([f"The tables differ after: {change}", *found])
    decided = [tables["outputs.audience_decisions"] for tables in along]
    assert all(after != before for before, after in pairwise(decided[:-1]))
    assert decided[-1] == decided[-2]
    assert all(
        any(f"{campaign_id}'" in row or f"{campaign_id}," in row for row in decided[-1]) for campaign_id in LISTS
    )
