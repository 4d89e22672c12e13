-- Sales by day and shop are the valid lines, to the cent.
{{ config(meta={'dagster': {'ref': {'name': 'kpi__sales_daily'}}}) }}

with days as (
    select
        coalesce(sum(paid_amount), 0) as paid_amount,
        coalesce(sum(net_amount), 0) as net_amount,
        coalesce(sum(net_amount_refund_time), 0) as net_amount_refund_time
    from {{ ref('kpi__sales_daily') }}
),

lines as (
    select
        coalesce(sum(paid_amount), 0) as paid_amount,
        coalesce(sum(net_amount), 0) as net_amount
    from {{ ref('order_lines') }}
    where is_valid
)

select
    days.paid_amount as day_amount,
    lines.paid_amount as line_amount
from days
cross join lines
where
    days.paid_amount <> lines.paid_amount
    or days.net_amount <> lines.net_amount
    or days.net_amount_refund_time <> lines.net_amount
