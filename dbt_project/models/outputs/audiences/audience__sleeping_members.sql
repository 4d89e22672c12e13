-- One row per campaign, business day and customer who is a member and has neither bought nor shown any activity for long.
-- Trap: a purchase that was refunded since breaks the silence like any other; where nothing stood, nobody sleeps.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with runs as (
    {{ runs_of('sleeping_members') }}
),

members as (
    select * from {{ ref('members') }}
),

engagements as (
    select * from {{ ref('engagements') }}
),

customer_rfm_periods as (
    select * from {{ ref('customer_rfm_periods') }}
),

days as (
    select as_of_date from runs
    group by as_of_date
),

last_purchases as (
    {{ last_purchases('days') }}
),

silent_buyers as (
    select
        runs.campaign_id,
        runs.as_of_date,
        last_purchases.customer_key,
        last_purchases.last_bought_date
    from runs
    inner join last_purchases
        on
            runs.as_of_date = last_purchases.as_of_date
            and last_purchases.last_bought_date <= {{ days_before('runs.as_of_date', 'runs.silent_days') }}
    where last_purchases.last_paid_date is not null
),

current_members as (
    select
        runs.campaign_id,
        runs.as_of_date,
        members.customer_key
    from runs
    inner join members
        on
            {{ holds_on('runs.as_of_date', 'members', 'joined_date', 'left_date') }}
    group by runs.campaign_id, runs.as_of_date, members.customer_key
),

active_people as (
    select
        runs.campaign_id,
        runs.as_of_date,
        engagements.customer_key
    from runs
    inner join engagements
        on
            engagements.occurred_date <= runs.as_of_date
            and engagements.occurred_date > {{ days_before('runs.as_of_date', 'runs.silent_days') }}
    where engagements.customer_key is not null
    group by runs.campaign_id, runs.as_of_date, engagements.customer_key
)

select
    runs.campaign_id,
    runs.as_of_date,
    silent_buyers.customer_key,
    runs.template,
    {{ tier_of('runs') }} as tier,
    'last purchase on ' || cast(silent_buyers.last_bought_date as varchar)
    || ', no activity for ' || cast(runs.silent_days as varchar) || ' days' as reason,
    cast(null as varchar) as recommended_product_id,
    runs.priority,
    cast(null as varchar) as segment,
    cast(null as varchar) as variant,
    cast(null as varchar) as channel,
    cast(null as varchar) as guide_id,
    cast(null as varchar) as order_id,
    cast(null as varchar) as remark,
    cast(null as decimal(9, 6)) as expected_response_ratio,
    cast(null as decimal(18, 2)) as expected_amount
from runs
inner join silent_buyers
    on
        runs.campaign_id = silent_buyers.campaign_id
        and runs.as_of_date = silent_buyers.as_of_date
inner join current_members
    on
        silent_buyers.campaign_id = current_members.campaign_id
        and silent_buyers.as_of_date = current_members.as_of_date
        and silent_buyers.customer_key = current_members.customer_key
left join active_people
    on
        silent_buyers.campaign_id = active_people.campaign_id
        and silent_buyers.as_of_date = active_people.as_of_date
        and silent_buyers.customer_key = active_people.customer_key
left join customer_rfm_periods on {{ figures_of('silent_buyers') }}
where active_people.customer_key is null
