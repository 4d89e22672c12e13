-- One row per successful refund that fits no order line, or several: held, counted and not subtracted.
-- Trap: a refund may be older than the first file of orders; only a person can tell that from a missing delivery.
with refunds as (
    select * from {{ ref('refunds') }}
)

select
    refund_key,
    platform,
    shop_id,
    refund_id,
    order_line_id,
    refund_amount,
    pending_reason,
    refunded_date
from refunds
where is_successful and pending_reason is not null
