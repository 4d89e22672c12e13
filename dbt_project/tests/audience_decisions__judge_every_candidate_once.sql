-- Every candidate keeps a decision, and a person is in at most one campaign of messages a day, and in one of each other kind.
{{ config(meta={'dagster': {'ref': {'name': 'audience_decisions'}}}) }}

with candidates as (
    select
        campaign_id,
        as_of_date,
        customer_key
    from {{ ref('audience_candidates') }}
),

decisions as (
    select * from {{ ref('audience_decisions') }}
)

select
    candidates.campaign_id,
    candidates.as_of_date,
    candidates.customer_key
from candidates
left join decisions
    on
        candidates.campaign_id = decisions.campaign_id
        and candidates.as_of_date = decisions.as_of_date
        and candidates.customer_key = decisions.customer_key
where
    decisions.customer_key is null
    and {{ is_of_todays_logic('candidates.as_of_date', ['audience_decisions']) }}

union all

select
    min(campaign_id) as campaign_id,
    as_of_date,
    customer_key
from decisions
where suppressed_reason is null
group by as_of_date, customer_key, case when is_touch then '' else channel end
having count(*) > 1
