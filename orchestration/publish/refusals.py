"""Why a campaign whose row of the plan is in force has no lists on some days: the row, the rule, what to do.

Belongs here: the words for it. Does not: the rule (`marts.qc_campaigns_refused`), holding the list (`audiences.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from orchestration.audit import Audit

FOUND = """
select campaign_id, parameter, value, first_date, last_date, content_hash, line_number
from marts.qc_campaigns_refused order by all
"""
FILES = """
select content_hash, min(file_path) as file_path from deliveries
where platform = 'generic' and dataset = 'campaigns' and status = 'loaded' group by content_hash
"""
THE_PLAN = "the campaign plan"
CORRECT = "correct the row, or deliver generic/{} with it"
PRODUCT = ("a_product_is_listed_or_was_sold", "no list and no order paid by then has it", CORRECT.format("products"))
INFLUENCER = (
    "an_influencer_is_listed_or_has_sold",
    "no list and no order paid by then has it",
    CORRECT.format("influencers"),
)
LEVEL = (
    "a_level_is_one_that_a_member_has_had",
    "no member has had it by then",
    "correct the row, or leave it out until somebody has it",
)
STORE = (
    "a_store_is_one_of_a_card",
    "no card opened by then names it",
    "correct the row, or deliver the members of that store",
)
CAMPAIGN = (
    "a_campaign_builds_on_one_of_the_plan",
    "the plan has no such campaign, or it names itself what nobody knows",
    "correct the one row or the other",
)
PRIORITY = (
    "campaigns_of_one_time_differ_in_stated_priority",
    "it had that priority in the plan before, and both run on this day",
    "give one of them another priority",
)
RULES = {
    "influencer_ids": INFLUENCER,
    "influencer_id": INFLUENCER,
    "member_levels": LEVEL,
    "member_level": LEVEL,
    "store_ids": STORE,
    "wave_one_campaign_id": CAMPAIGN,
    "base_campaign_id": CAMPAIGN,
    "priority": PRIORITY,
}


@dataclass(frozen=True)
class Refusal:
    """One value of one row of the plan, and the days for which it refuses the campaign."""

    parameter: str
    value: str
    first_date: date
    last_date: date
    place: str

    def __str__(self) -> str:
        rule, found, remedy = RULES.get(self.parameter, PRODUCT)
        return f"{self.place}: {rule}: {self.parameter} {self.value}: {found}: {remedy}"


def delivered_plans(audit: Audit) -> dict[str, str]:
    """The first file of each content of the plan."""
    return {str(row["content_hash"]): str(row["file_path"]) for row in audit.query(FILES)}


def refusals(connection: duckdb.DuckDBPyConnection, files: Mapping[str, str]) -> dict[str, list[Refusal]]:
    """By campaign; whose file is not among `files` stands in the plan."""
    found: dict[str, list[Refusal]] = {}
    for campaign_id, parameter, value, first, last, content, line in connection.execute(FOUND).fetchall():
        place = f"{files.get(content, THE_PLAN)} line {line}"
        found.setdefault(campaign_id, []).append(Refusal(parameter, value, first, last, place))
    return found
