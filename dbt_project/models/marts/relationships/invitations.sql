-- One row per customer who was invited, or shared with: by whom first, and what came of it.
-- Trap: only the first invitation counts, and only what came on its day or later; refunds known by now are taken off the order.
with invited as (
    select
        related_customer_key as customer_key,
        coalesce(customer_key, account_key) as inviter_customer_key,
        occurred_date,
        row_number() over (partition by related_customer_key order by occurred_at, event_key) as invitation_rank
    from {{ ref('engagements') }}
    where
        event_type in ('share', 'invite')
        and related_customer_key is not null
        and related_customer_key <> coalesce(customer_key, account_key)
),

joins as (
    select
        customer_key,
        min(joined_date) as joined_date
    from {{ ref('members') }}
    group by customer_key
),

first_orders as (
    select
        customer_key,
        min(paid_date) as paid_date,
        sum(net_amount) as net_amount
    from {{ ref('orders') }}
    where is_first_order and customer_key in (select invited.customer_key from invited)
    group by customer_key
)

select
    invited.customer_key,
    invited.inviter_customer_key,
    invited.occurred_date as invited_date,
    joins.joined_date,
    first_orders.paid_date as first_order_date,
    cast(first_orders.net_amount as decimal(18, 2)) as first_order_net_amount
from invited
left join joins
    on
        invited.customer_key = joins.customer_key
        and invited.occurred_date <= joins.joined_date
left join first_orders
    on
        invited.customer_key = first_orders.customer_key
        and invited.occurred_date <= first_orders.paid_date
where invited.invitation_rank = 1
