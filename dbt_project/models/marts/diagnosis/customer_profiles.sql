-- One row per customer who bought or joined: the one shop, channel and cohort that he is counted under.
-- Trap: what came first decides, so that a change can be split into parts that sum to it.
with members as (
    select * from {{ ref('members') }}
),

first_orders as (
    select
        customer_key,
        min(platform || ' ' || shop_id) as shop,
        min(paid_date) as paid_date
    from {{ ref('orders') }}
    where is_first_order
    group by customer_key
),

customers as (
    select * from {{ ref('customers') }}
),

memberships as (
    select
        customer_key,
        platform || ' ' || shop_id as shop,
        join_channel,
        joined_date,
        row_number() over (partition by customer_key order by joined_at, membership_key) as join_rank
    from members
)

select
    customers.customer_key,
    coalesce(
        case when memberships.joined_date <= first_orders.paid_date then memberships.shop end,
        first_orders.shop,
        memberships.shop,
        'unknown'
    ) as shop,
    coalesce(memberships.join_channel, case when memberships.customer_key is null then 'no member' else 'unknown' end)
        as join_channel,
    cast(date_trunc('month', least(memberships.joined_date, first_orders.paid_date)) as date) as cohort_month
from customers
left join memberships
    on
        customers.customer_key = memberships.customer_key
        and memberships.join_rank = 1
left join first_orders on customers.customer_key = first_orders.customer_key
