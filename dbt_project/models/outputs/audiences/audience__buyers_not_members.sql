-- One row per campaign, business day and customer who bought lately and is in no programme.
-- Trap: a purchase that was refunded by then is none; whoever left a programme is a candidate too, and is suppressed as such.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with due_days as (
    {{ due_days(days='int_campaign_days_fingerprinted') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
    where template = 'buyers_not_members'
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

runs as (
    select
        campaigns.*,
        due_days.as_of_date
    from campaigns
    inner join due_days on due_days.as_of_date between campaigns.start_date and campaigns.end_date
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
            and int_purchase_days_valued.valid_from <= runs.as_of_date
            and (int_purchase_days_valued.valid_to is null or int_purchase_days_valued.valid_to > runs.as_of_date)
    where int_purchase_days_valued.order_count > 0
    group by runs.campaign_id, runs.as_of_date, int_purchase_days_valued.customer_key
)

select
    runs.campaign_id,
    runs.as_of_date,
    recent_buyers.customer_key,
    runs.template,
    case when coalesce(customer_rfm_periods.net_amount, 0) >= runs.tier_amount then 'high' else 'standard' end as tier,
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
left join customer_rfm_periods
    on
        recent_buyers.customer_key = customer_rfm_periods.customer_key
        and recent_buyers.as_of_date >= customer_rfm_periods.valid_from
        and recent_buyers.as_of_date < customer_rfm_periods.valid_to
where
    not exists (
        select 1
        from members
        where
            members.customer_key = recent_buyers.customer_key
            and members.joined_date <= recent_buyers.as_of_date
            and (members.left_date is null or members.left_date > recent_buyers.as_of_date)
    )
