-- One row per campaign, business day and customer who joined some days ago and has no valid order ever, before joining or after.
-- Trap: whoever bought before joining is an old customer, not a new member without a purchase.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with runs as (
    {{ runs_of('new_members_without_purchase') }}
),

members as (
    select * from {{ ref('members') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

first_purchases as (
    select
        customer_key,
        min(paid_date) as first_paid_date
    from order_lines
    where is_valid and customer_key is not null
    group by customer_key
),

new_members as (
    select
        runs.campaign_id,
        runs.as_of_date,
        members.customer_key,
        runs.template,
        runs.priority,
        members.join_channel,
        members.joined_date,
        row_number() over (
            partition by runs.campaign_id, runs.as_of_date, members.customer_key
            order by members.joined_at desc, members.membership_key desc
        ) as recency_rank
    from runs
    inner join members
        on
            members.joined_date <= {{ days_before('runs.as_of_date', 'runs.min_days') }}
            and members.joined_date >= {{ days_before('runs.as_of_date', 'runs.max_days') }}
            and {{ holds_on('runs.as_of_date', 'members', 'joined_date', 'left_date') }}
)

select
    new_members.campaign_id,
    new_members.as_of_date,
    new_members.customer_key,
    new_members.template,
    'standard' as tier,
    'joined ' || cast(new_members.joined_date as varchar)
    || coalesce(' by ' || new_members.join_channel, '') as reason,
    cast(null as varchar) as recommended_product_id,
    new_members.priority,
    cast(null as varchar) as segment,
    cast(null as varchar) as variant,
    cast(null as varchar) as channel,
    cast(null as varchar) as guide_id,
    cast(null as varchar) as order_id,
    cast(null as varchar) as remark,
    cast(null as decimal(9, 6)) as expected_response_ratio,
    cast(null as decimal(18, 2)) as expected_amount
from new_members
left join first_purchases on new_members.customer_key = first_purchases.customer_key
where
    new_members.recency_rank = 1
    and (first_purchases.first_paid_date is null or first_purchases.first_paid_date > new_members.as_of_date)
