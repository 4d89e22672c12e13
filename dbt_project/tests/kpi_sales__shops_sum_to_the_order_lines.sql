-- Sales by day and shop are the valid lines, and their refunds the counted ones, to the cent.
{{ config(meta={'dagster': {'ref': {'name': 'kpi__sales_daily'}}}) }}

with days as (
    select
        coalesce(sum(paid_amount), 0) as paid_amount,
        coalesce(sum(net_amount), 0) as net_amount,
        coalesce(sum(refunded_amount_refund_time), 0) as refunded_amount
    from {{ ref('kpi__sales_daily') }}
    where {{ is_of_todays_logic('business_date', ['kpi__sales_daily']) }}
),

lines as (
    select
        coalesce(sum(paid_amount), 0) as paid_amount,
        coalesce(sum(net_amount), 0) as net_amount
    from {{ ref('order_lines') }}
    where is_valid and {{ is_of_todays_logic('paid_date', ['kpi__sales_daily']) }}
),

refunds as (
    select coalesce(sum(counted_amount), 0) as refunded_amount
    from {{ ref('refunds') }}
    where is_of_valid_line and {{ is_of_todays_logic('refunded_date', ['kpi__sales_daily']) }}
)

select
    days.paid_amount as day_amount,
    lines.paid_amount as line_amount
from days
cross join lines
cross join refunds
where
    days.paid_amount <> lines.paid_amount
    or days.net_amount <> lines.net_amount
    or days.refunded_amount <> refunds.refunded_amount
