-- One row per campaign, business day, segment and outcome of the decision, with what is expected of its persons.
-- Trap: `gap_amount` is the goal less what the day's treatment is expected to bring, the same in every row of a campaign's day;
-- persons of whom nothing is known count with nothing, and `unknown_count` tells how many they are.
{{ config(materialized='view') }}

with audience_decisions as (
    select * from {{ ref('audience_decisions') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
),

outcomes as (
    select
        campaign_id,
        as_of_date,
        template,
        segment,
        coalesce(suppressed_reason, arm) as outcome,
        count(*) as customer_count,
        count(*) - count(expected_amount) as unknown_count,
        sum(expected_response_ratio) as expected_responder_count,
        sum(expected_amount) as expected_amount
    from audience_decisions
    group by campaign_id, as_of_date, template, segment, coalesce(suppressed_reason, arm)
)

select
    outcomes.campaign_id,
    outcomes.as_of_date,
    outcomes.template,
    outcomes.segment,
    outcomes.outcome,
    outcomes.customer_count,
    outcomes.unknown_count,
    cast(outcomes.expected_responder_count as decimal(18, 2)) as expected_responder_count,
    cast(outcomes.expected_amount as decimal(18, 2)) as expected_amount,
    campaigns.goal_amount,
    -- Null where nothing is expected of anybody: a template without expectations has no gap.
    cast(
        campaigns.goal_amount
        - sum(case when outcomes.outcome = 'treatment' then 1 else 0 end * outcomes.expected_amount)
            over (partition by outcomes.campaign_id, outcomes.as_of_date)
        as decimal(18, 2)
    ) as gap_amount
from outcomes
left join campaigns on outcomes.campaign_id = campaigns.campaign_id
