-- Money paid back beyond what was paid is a wrong export or a wrong amount: publishing waits until a corrected delivery says which.
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
