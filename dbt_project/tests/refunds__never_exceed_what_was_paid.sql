-- Money paid back beyond what was paid is a wrong export or amount: publishing waits for a corrected delivery.
{{ config(meta={'dagster': {'ref': {'name': 'refunds'}}}) }}

select
    platform,
    shop_id,
    refund_id,
    order_line_id,
    refund_amount,
    counted_amount
from {{ ref('refunds') }}
where
    is_successful
    and pending_reason is null
    and counted_amount < refund_amount
