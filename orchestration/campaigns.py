"""Campaigns and their audiences, for those who ask: what there is, and how large a list is.

Belongs here: reading that from the catalogue, or from a build beside it. Does not: why somebody is in or out
(`stories.py`), deciding it (dbt), and printing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import duckdb

from orchestration.audit import Audit
from orchestration.extract.lake import bring_up_to_date
from orchestration.power import smallest_lift
from orchestration.progress import Stages
from orchestration.publish.databases import answer, reading
from orchestration.publish.refusals import refusals
from orchestration.settings import DBT_PROJECT, Settings
from orchestration.tables import Table
from orchestration.transform.arguments import fingerprint
from orchestration.transform.beside import build_beside, workspace
from orchestration.transform.plan import derive_plan

NEEDED = ["+audience_decisions", "+qc_campaigns_refused"]
LIST = """
with decided as (
    select campaign_id, as_of_date, count(*) as candidates,
        count(*) filter (where arm = 'treatment') as in_treatment, count(*) filter (where arm = 'control') as in_control
    from outputs.audience_decisions group by all
),
latest as (
    select * from decided qualify row_number() over (partition by campaign_id order by as_of_date desc) = 1
)
select campaigns.campaign_id, campaigns.template, campaigns.start_date, campaigns.end_date, campaigns.priority,
    campaigns.channel, campaigns.holdout_ratio, latest.as_of_date as last_day, latest.candidates, latest.in_treatment,
    latest.in_control, latest.candidates - latest.in_treatment - latest.in_control as "out"
from marts.campaigns as campaigns left join latest on campaigns.campaign_id = latest.campaign_id
order by campaigns.start_date, campaigns.priority, campaigns.campaign_id
"""

OBSTACLES = "What stands in the way"
PREVIEW = {
    OBSTACLES: """
select 'nobody meets the conditions of the campaign on this day'
where not exists (from outputs.audience_decisions where campaign_id = $campaign and as_of_date = $day)
""",
    "Decisions": """
select coalesce('out: ' || suppressed_reason, 'in: ' || arm) as decision, count(*) as customers,
    round(100.0 * count(*) / sum(count(*)) over (), 1) as percent
from outputs.audience_decisions where campaign_id = $campaign and as_of_date = $day
group by decision order by starts_with(decision, 'out'), customers desc, decision
""",
    "Who gets the message": """
select channel, tier, segment, variant, count(*) as customers, sum(expected_amount) as expected_amount
from outputs.audience_decisions
where campaign_id = $campaign and as_of_date = $day and arm = 'treatment'
group by all order by all
""",
    "Against the goal": """
select any_value(campaigns.goal_amount) as goal_amount, sum(decisions.expected_amount) as expected_amount,
    any_value(campaigns.goal_amount) - sum(decisions.expected_amount) as gap_amount
from marts.campaigns as campaigns left join outputs.audience_decisions as decisions
    on campaigns.campaign_id = decisions.campaign_id and decisions.as_of_date = $day and decisions.arm = 'treatment'
where campaigns.campaign_id = $campaign and campaigns.goal_amount is not null
group by campaigns.campaign_id
""",
}

# The latest share of all persons who bought within a week: what a control group would do without a message.
BASE_RATE = """
select count(*) filter (where last_paid_date > $day - 7) / count(*) from marts.customer_rfm_periods
where valid_from <= $day and valid_to > $day
"""
ARMS = """
select count(*) filter (where arm = 'treatment'), count(*) filter (where arm = 'control'), avg(expected_response_ratio)
from outputs.audience_decisions where campaign_id = $campaign and as_of_date = $day and arm is not null
"""


class UnknownCampaignError(LookupError):
    """The plan has no such campaign, or it has no list on the day; the message says which there are."""


def listed(connection: duckdb.DuckDBPyConnection) -> Table:
    """Every campaign of the plan, with the sizes of its last list."""
    return answer(connection, LIST)


def require(connection: duckdb.DuckDBPyConnection, campaign: str, day: date) -> None:
    """Refuses a campaign that the plan does not have, and a day on which it does not run."""
    rows = connection.execute("select campaign_id, start_date, end_date from marts.campaigns order by 1").fetchall()
    if campaign not in {row[0] for row in rows}:
        raise UnknownCampaignError(
            f"The plan has no campaign '{campaign}'. It has: {', '.join(row[0] for row in rows) or 'none'}."
        )
    first, last = next(row[1:] for row in rows if row[0] == campaign)
    if not first <= day <= last:
        raise UnknownCampaignError(f"{campaign} runs from {first} to {last}, not on {day}.")


def is_decided(connection: duckdb.DuckDBPyConnection, day: date) -> bool:
    """Whether the day was run; a day on which nobody is a candidate of anything is decided as well."""
    return bool(connection.execute("from outputs.kpi__fast_daily where as_of_date = $day", {"day": day}).fetchall())


@contextmanager
def decided_beside(home: Settings, day: date, stages: Stages) -> Iterator[duckdb.DuckDBPyConnection]:
    """The decisions of a day that was not run, from what is booked: built beside the live tables, gone afterwards."""
    bring_up_to_date(home.contract_directories, home.lake)
    with workspace(home.beside, stages.say) as place:
        plan = derive_plan(Audit(home.audit_file), place / "plan", fingerprint(DBT_PROJECT))
        build = build_beside(home, place, replace(plan, business_days=(day,)), stages.follow("rebuild"), NEEDED)
        with reading(build.finished_file) as connection:
            yield connection


def preview(connection: duckdb.DuckDBPyConnection, campaign: str, day: date) -> dict[str, Table]:
    """Why nothing would be sent, sizes by decision, who gets the message by channel and tier, the gap to the goal."""
    values = {"campaign": campaign, "day": day}
    tables = {title: answer(connection, sql, values) for title, sql in PREVIEW.items()}
    refused = refusals(connection, {}).get(campaign, [])
    tables[OBSTACLES][1][:0] = [(str(one),) for one in refused if one.first_date <= day <= one.last_date]
    return tables | {"Smallest lift that can be seen": _power(connection, values)}


def _power(connection: duckdb.DuckDBPyConnection, values: dict[str, object]) -> Table:
    """The difference of response rates that one such list can show, with a power of 80 % at a level of 5 %."""
    columns = ["in_treatment", "in_control", "base_rate", "smallest_lift", "relative"]
    treatment, control, expected = answer(connection, ARMS, values)[1][0]
    (usual,) = answer(connection, BASE_RATE, values)[1][0]
    base = float(expected if expected is not None else usual or 0)
    lift = smallest_lift(treatment, control, base) if 0 < base < 1 else None
    if lift is None:
        return columns, []
    return columns, [(treatment, control, f"{base:.4f}", f"{lift:.4f}", f"{lift / base:+.0%}")]
