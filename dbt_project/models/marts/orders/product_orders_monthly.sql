-- One row per product and month with valid sales: the orders that hold it, and those that hold another product beside it.
-- Trap: an order of two products is one of each: do not sum products. Gifts and samples are no valid lines.
with order_lines as (
    select * from {{ ref('order_lines') }}
    where is_valid and product_id is not null
),

last_day as (
    {{ last_asked_day() }}
),

order_products as (
    select
        order_key,
        platform,
        product_id,
        min(paid_date) as paid_date
    from order_lines
    where paid_date <= (select last_day.as_of_date from last_day)
    group by order_key, platform, product_id
),

held as (
    select
        *,
        count(*) over (partition by order_key) as product_count
    from order_products
)

select
    platform,
    product_id,
    cast(date_trunc('month', paid_date) as date) as month_start,
    cast(count(*) as bigint) as order_count,
    cast(sum(case when product_count > 1 then 1 else 0 end) as bigint) as combined_order_count
from held
group by platform, product_id, cast(date_trunc('month', paid_date) as date)
