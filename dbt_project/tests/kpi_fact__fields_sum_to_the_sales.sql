-- The fields of FACT hold every valid line once, to the cent.
{{ config(meta={'dagster': {'ref': {'name': 'kpi__fact_daily'}}}) }}

with fields as (
    select
        coalesce(sum(line_count), 0) as line_count,
        coalesce(sum(paid_amount), 0) as paid_amount,
        coalesce(sum(net_amount), 0) as net_amount
    from {{ ref('kpi__fact_daily') }}
    where {{ is_of_todays_logic('paid_date', ['traffic_sales_daily']) }}
),

lines as (
    select
        count(*) as line_count,
        coalesce(sum(paid_amount), 0) as paid_amount,
        coalesce(sum(net_amount), 0) as net_amount
    from {{ ref('order_lines') }}
    where is_valid and {{ is_of_todays_logic('paid_date', ['traffic_sales_daily']) }}
)

select
    fields.paid_amount as field_amount,
    lines.paid_amount as line_amount
from fields
cross join lines
where
    fields.line_count <> lines.line_count
    or fields.paid_amount <> lines.paid_amount
    or fields.net_amount <> lines.net_amount
