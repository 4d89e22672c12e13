-- One row per delivered message, person and valid order that the person paid within the longest response window after sending.
-- Trap: a window of N days is [sent, sent + N × 24 h), a recall is paid within 24 h of delivery; an order after two messages
-- stands here twice: count orders once per group. Gross counts whoever paid, also where all of it was refunded later.
with touches as (
    select * from {{ ref('campaign_touches') }}
    where is_delivered
),

orders as (
    select * from {{ ref('orders') }}
    where is_valid
),

windows as (
    select * from {{ ref('response_windows') }}
),

longest as (
    select max(window_days) as window_days from windows
),

answered as (
    select
        touches.touch_id,
        touches.person_key,
        touches.sent_at,
        touches.reached_at,
        orders.order_key,
        orders.paid_at,
        orders.paid_amount,
        orders.refunded_amount,
        orders.net_amount
    from touches
    cross join longest
    inner join orders
        on
            touches.customer_key = orders.customer_key
            and touches.sent_at <= orders.paid_at
            and touches.sent_at + longest.window_days * interval 1 day > orders.paid_at
            and touches.as_of_date >= orders.paid_date
)

select
    answered.touch_id,
    answered.person_key,
    answered.order_key,
    min(answered.paid_at) as paid_at,
    cast(
        min(
            case when answered.paid_at < answered.sent_at + windows.window_days * interval 1 day then windows.window_days end
        ) as bigint
    ) as window_days,
    min(answered.paid_at) >= min(answered.reached_at)
    and min(answered.paid_at) < min(answered.reached_at) + interval 24 hour as is_recalled,
    min(answered.paid_amount) as paid_amount,
    min(answered.refunded_amount) as refunded_amount,
    min(answered.net_amount) as net_amount
from answered
cross join windows
group by answered.touch_id, answered.person_key, answered.order_key
