-- One row per campaign, business day and customer who bought lately and is in no programme.
-- Trap: a purchase that was refunded by then is none; whoever left a programme is a candidate too, and is suppressed as such.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with runs as (
    {{ runs_of('buyers_not_members') }}
),

members as (
    select * from {{ ref('members') }}
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
)

select
    runs.campaign_id,
    runs.as_of_date,
    last_purchases.customer_key,
    runs.template,
    {{ tier_of('runs') }} as tier,
    'bought on ' || cast(last_purchases.last_paid_date as varchar) || ', in no programme' as reason,
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
inner join last_purchases
    on
        runs.as_of_date = last_purchases.as_of_date
        and last_purchases.last_paid_date > {{ days_before('runs.as_of_date', 'runs.window_days') }}
left join members
    on
        last_purchases.customer_key = members.customer_key
        and {{ holds_on('last_purchases.as_of_date', 'members', 'joined_date', 'left_date') }}
left join customer_rfm_periods on {{ figures_of('last_purchases') }}
where members.customer_key is null
