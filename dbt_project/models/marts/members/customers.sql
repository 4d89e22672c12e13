-- One row per customer: everyone who bought or joined.
-- Trap: "now" is the end of the latest business day asked for, never the clock.
with accounts as (
    select * from {{ ref('customer_accounts') }}
),

orders as (
    select * from {{ ref('orders') }}
),

members as (
    select * from {{ ref('members') }}
),

membership_levels as (
    select * from {{ ref('membership_levels') }}
),

accounts_by_customer as (
    select
        customer_key,
        count(*) as account_count
    from accounts
    group by customer_key
),

orders_by_customer as (
    select
        customer_key,
        min(paid_at) as first_ordered_at,
        min(paid_date) as first_order_date,
        max(paid_date) as last_order_date,
        count(*) as order_count,
        sum(net_amount) as net_amount
    from orders
    where is_valid and customer_key is not null
    group by customer_key
),

last_day as (
    {{ last_asked_day() }}
),

current_memberships as (
    select
        members.customer_key,
        members.joined_date,
        membership_levels.member_level,
        row_number() over (
            partition by members.customer_key
            order by members.joined_at desc, members.membership_key desc
        ) as recency_rank
    from members
    inner join last_day
        on
            members.joined_date <= last_day.as_of_date
            and (members.left_date is null or members.left_date > last_day.as_of_date)
    left join membership_levels
        on
            members.membership_key = membership_levels.membership_key
            and {{ holds_on('last_day.as_of_date', 'membership_levels') }}
)

select
    accounts_by_customer.customer_key,
    orders_by_customer.first_ordered_at,
    orders_by_customer.first_order_date,
    orders_by_customer.last_order_date,
    cast(coalesce(orders_by_customer.order_count, 0) as bigint) as order_count,
    cast(coalesce(orders_by_customer.net_amount, 0) as decimal(18, 2)) as net_amount,
    current_memberships.customer_key is not null as is_member_now,
    current_memberships.joined_date as member_since_date,
    current_memberships.member_level,
    cast(accounts_by_customer.account_count as bigint) as account_count
from accounts_by_customer
left join orders_by_customer on accounts_by_customer.customer_key = orders_by_customer.customer_key
left join current_memberships
    on
        accounts_by_customer.customer_key = current_memberships.customer_key
        and current_memberships.recency_rank = 1
