-- The wrong person on a list is the fault this platform exists to prevent.
{{ config(meta={'dagster': {'ref': {'name': 'audience_members'}}}) }}

with members as (
    select * from {{ ref('audience_members') }}
),

decisions as (
    select * from {{ ref('audience_decisions') }}
)

select
    members.campaign_id,
    members.as_of_date,
    members.customer_key
from members
left join decisions
    on
        members.campaign_id = decisions.campaign_id
        and members.as_of_date = decisions.as_of_date
        and members.customer_key = decisions.customer_key
where
    decisions.customer_key is null
    or decisions.suppressed_reason is not null
    or coalesce(decisions.arm, 'none') <> 'treatment'
