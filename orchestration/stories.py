"""Why somebody is on a campaign's list of a day, or is not: every rule of the chain with what was found.

Belongs here: reading that from the catalogue and from what was delivered. Does not: deciding it (dbt), and printing.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb

from orchestration.publish.channels import rules
from orchestration.publish.databases import answer
from orchestration.publish.manifests import MANIFEST, MEMBERS, RECOMPUTED, is_delivered
from orchestration.reported import FILES
from orchestration.tables import Row, Table

DECISION = """
select as_of_date, template, coalesce('out: ' || suppressed_reason, 'in: ' || arm) as decision, reason, tier, segment,
    variant, channel, priority, recommended_product_id
from outputs.audience_decisions where campaign_id = $campaign and customer_key = $key and as_of_date = $day
"""

# Which channel the decision was about; who is no candidate would go by the campaign's own.
CHANNEL = """
select coalesce(decisions.channel, campaigns.channel, '')
from marts.campaigns as campaigns left join outputs.audience_decisions as decisions
    on campaigns.campaign_id = decisions.campaign_id and decisions.customer_key = $key and decisions.as_of_date = $day
where campaigns.campaign_id = $campaign
"""

# Per account what counts for that channel on the day, as in `audience_decisions`.
CONSENTS = """
with accounts as (
    select account_key,
        max(granted_at) filter (
            where granted_at::date <= $day and (channel is null or channel = $channel)
        ) as granted_at,
        max(withdrawn_at) filter (
            where withdrawn_at::date <= $day
                and (channel is null or $channel in ('', channel) or $channel like '%/_' || channel escape '/')
        ) as withdrawn_at
    from marts.consents where customer_key = $key and purpose = $purpose group by account_key
)"""

# The rules in the order in which they are asked, each with what the marts say about the customer at the end of the day.
RULES = {
    "campaign_refused": """
select coalesce(string_agg(parameter || ' ' || value, ', ' order by parameter, value), 'its row of the plan is right')
from marts.qc_campaigns_refused where campaign_id = $campaign and $day between first_date and last_date""",
    "no_consent": f"""
{CONSENTS} select case when $purpose::varchar is null then 'its channel asks for none'
    else coalesce('granted ' || max(granted_at), 'never granted') end from accounts""",
    "opted_out": f"""
{CONSENTS} select coalesce(
    'withdrawn ' || max(withdrawn_at) filter (where granted_at is null or withdrawn_at >= granted_at),
    'not withdrawn since'
) from accounts""",
    "left_programme": """
select case when count(*) = 0 then 'never a member'
    else count(*) filter (where left_date is null or left_date > $day) || ' current memberships of ' || count(*) end
from marts.members where customer_key = $key and joined_date <= $day""",
    "unreachable": """
select 'accounts on ' || coalesce(string_agg(distinct platform, ', ' order by platform), 'no platform')
    || coalesce(', WeCom friend of ' || (
        select string_agg(distinct guide_id, ', ' order by guide_id) from marts.guide_contacts
        where customer_key = $key and added_date <= $day and (removed_date is null or removed_date > $day)
    ), '')
from marts.customer_accounts where customer_key = $key and (first_seen_date is null or first_seen_date <= $day)""",
    "touched_recently": """
select count(*) filter (where sent_date > $day - 3) || ' messages in 3 days, '
    || count(*) filter (where sent_date > $day - 7) || ' in 7, ' || count(*) || ' in 30'
from marts.touches
where customer_key = $key and sent_date <= $day and sent_date > $day - 30 and touch_status <> 'failed'""",
    "open_refund": """
select count(*) || ' open refunds' || coalesce(', the first of ' || min(applied_at), '')
from marts.refunds
where order_key in (select order_key from marts.order_lines where customer_key = $key)
    and applied_at::date <= $day and (resolved_at is null or resolved_at::date > $day)""",
    "bought_recently": """
select coalesce('last purchase ' || max(paid_at), 'never bought')
from marts.order_lines where customer_key = $key and is_valid and paid_date <= $day""",
    "universal_holdout": "select 'drawn once for the whole programme'",
    "below_minimum_size": """
select count(*) filter (where arm = 'treatment') || ' customers on the list'
from outputs.audience_decisions where campaign_id = $campaign and as_of_date = $day""",
    "over_budget": """
select coalesce('a day may cost ' || daily_budget_amount, 'no budget')
from marts.campaigns where campaign_id = $campaign""",
    "in_higher_priority_campaign": """
select coalesce(string_agg(campaign_id || ' (priority ' || priority || '): '
    || coalesce('out, ' || suppressed_reason, 'in, ' || arm), '; ' order by priority, campaign_id), 'no other campaign')
from outputs.audience_decisions where customer_key = $key and as_of_date = $day and campaign_id <> $campaign""",
}

PURCHASES = f"""
select lines.paid_date, lines.order_id, lines.product_id, lines.order_kind, lines.paid_amount, lines.refunded_amount,
    files.file_name as file, files.delivery_date as delivered
from marts.order_lines as lines
left join ({FILES}) as files on lines.content_hash = files.content_hash
where lines.customer_key = $key and lines.paid_date <= $day
order by lines.paid_at desc, lines.order_line_key limit 10
"""


def explain(connection: duckdb.DuckDBPyConnection, campaign: str, key: int, day: date) -> dict[str, Table]:
    """A customer's story on one day: the decision, every rule with what was found, and what was bought before."""
    values: dict[str, object] = {"campaign": campaign, "key": key, "day": day}
    channel = answer(connection, CHANNEL, values)[1][0][0]
    values |= {"channel": channel, "purpose": rules().channel(channel).consent_purpose}
    decision = answer(connection, DECISION, values)
    suppressed = decision[1][0][2].removeprefix("out: ") if decision[1] else None
    story: list[Row] = [
        (rule, verdict, answer(connection, RULES[rule], values)[1][0][0])
        for rule, verdict in _verdicts(suppressed if decision[1] else "not a candidate")
    ]
    return {
        "Decision": decision,
        "Rules, in their order": (["rule", "verdict", "found"], story),
        "Latest purchases up to the day": answer(connection, PURCHASES, values),
    }


def delivered(audiences: Path, campaign: str, key: int, day: date) -> Table:
    """What left the house for that day: the list's checksum, and whether the customer is on it."""
    columns = ["list", "delivered_rows", "sha256", "customer_is_on_it"]
    folder = audiences / campaign / day.isoformat()
    return columns, [
        (name, *_on_list(place, key))
        for name, place in (("delivered", folder), (RECOMPUTED, folder / RECOMPUTED))
        if is_delivered(place)
    ]


def _on_list(place: Path, key: int) -> tuple[object, object, bool]:
    manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    with duckdb.connect() as connection:
        found = connection.execute(
            "from read_csv($file, header = true, all_varchar = true) where customer_key = $key limit 1",
            {"file": str(place / MEMBERS), "key": str(key)},
        ).fetchall()
    return manifest.get("rows"), manifest.get("sha256"), bool(found)


def _verdicts(outcome: str | None) -> Iterator[tuple[str, str]]:
    """Each rule with `passed`, `out` or `not asked`; `outcome` is the reason why somebody is out, if he is."""
    is_open = outcome != "not a candidate"
    for rule in RULES:
        if rule == outcome:
            yield rule, "out"
            is_open = False
        else:
            yield rule, "passed" if is_open else "not asked"
