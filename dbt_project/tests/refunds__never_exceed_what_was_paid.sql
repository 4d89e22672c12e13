-- Money paid back beyond what a line cost is a wrong export or a wrong amount: publishing waits until a corrected delivery says which.
{{ config(meta={'dagster': {'ref': {'name': 'refunds'}}}) }}

with refunds as (
    select * from {{ ref('refunds') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
)

select
    refunds.platform,
    refunds.shop_id,
    refunds.order_line_id,
    sum(refunds.refund_amount) as refund_amount,
    min(order_lines.paid_amount) as paid_amount
from refunds
inner join order_lines on refunds.order_line_key = order_lines.order_line_key
where refunds.is_successful
group by refunds.platform, refunds.shop_id, refunds.order_line_id
having sum(refunds.refund_amount) > min(order_lines.paid_amount)
