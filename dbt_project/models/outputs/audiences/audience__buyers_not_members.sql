-- One row per campaign, business day and customer who bought lately and is in no programme.
-- Trap: a purchase that was refunded by then is none; whoever left a programme is a candidate too, and is suppressed as such.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with runs as (
    {{ runs_of('buyers_not_members') }}
),

members as (
    select * from {{ ref('members') }}
),

int_purchase_days_valued as (
    select * from {{ ref('int_purchase_days_valued') }}
),

customer_rfm_periods as (
    select * from {{ ref('customer_rfm_periods') }}
),

recent_buyers as (
    select
        runs.campaign_id,
        runs.as_of_date,
        int_purchase_days_valued.customer_key,
        max(int_purchase_days_valued.paid_date) as last_paid_date
    from runs
    inner join int_purchase_days_valued
        on
            int_purchase_days_valued.paid_date > {{ days_before('runs.as_of_date', 'runs.window_days') }}
            and {{ holds_on('runs.as_of_date', 'int_purchase_days_valued') }}
    where int_purchase_days_valued.order_count > 0
    group by runs.campaign_id, runs.as_of_date, int_purchase_days_valued.customer_key
)

select
    runs.campaign_id,
    runs.as_of_date,
    recent_buyers.customer_key,
    runs.template,
    {{ tier_of('runs') }} as tier,
    'bought on ' || cast(recent_buyers.last_paid_date as varchar) || ', in no programme' as reason,
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
inner join recent_buyers
    on
        runs.campaign_id = recent_buyers.campaign_id
        and runs.as_of_date = recent_buyers.as_of_date
left join members
    on
        recent_buyers.customer_key = members.customer_key
        and {{ holds_on('recent_buyers.as_of_date', 'members', 'joined_date', 'left_date') }}
left join customer_rfm_periods on {{ figures_of('recent_buyers') }}
where members.customer_key is null
