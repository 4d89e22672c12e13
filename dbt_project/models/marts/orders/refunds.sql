-- One row per refund document.
-- Trap: only `is_successful` documents moved money; `counted_amount` is what they take off, never more than was paid. A
-- document whose line is unknown or one of several has the order that it names: there, platforms make ids of orders unique.
with refunds as (
    select * from {{ ref('int_refunds_matched') }}
)

select
    refund_key,
    order_line_key,
    coalesce(order_key, case when order_id is not null then {{ surrogate_key(['platform', 'order_id']) }} end) as order_key,
    platform,
    shop_id,
    refund_id,
    order_line_id,
    refund_amount,
    counted_amount,
    refund_quantity,
    refund_status,
    refund_type,
    is_successful,
    pending_reason,
    is_of_valid_line,
    applied_at,
    refunded_at,
    cast(refunded_at as date) as refunded_date,
    resolved_at,
    paid_date,
    content_hash
from refunds
