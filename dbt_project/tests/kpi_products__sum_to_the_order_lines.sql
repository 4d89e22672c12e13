-- Products by month hold every valid line that names a product, to the cent.
{{ config(meta={'dagster': {'ref': {'name': 'kpi__product_monthly'}}}) }}

with products as (
    select
        coalesce(sum(line_count), 0) as line_count,
        coalesce(sum(paid_amount), 0) as paid_amount,
        coalesce(sum(net_amount), 0) as net_amount
    from {{ ref('kpi__product_monthly') }}
    where {{ is_of_todays_logic('month_start', ['product_sales_monthly']) }}
),

lines as (
    select
        count(*) as line_count,
        coalesce(sum(paid_amount), 0) as paid_amount,
        coalesce(sum(net_amount), 0) as net_amount
    from {{ ref('order_lines') }}
    where
        is_valid
        and product_id is not null
        and paid_date <= ({{ last_asked_day() }})
        and {{ is_of_todays_logic("cast(date_trunc('month', paid_date) as date)", ['product_sales_monthly']) }}
)

select
    products.line_count as product_line_count,
    lines.line_count
from products
cross join lines
where
    products.line_count <> lines.line_count
    or products.paid_amount <> lines.paid_amount
    or products.net_amount <> lines.net_amount
