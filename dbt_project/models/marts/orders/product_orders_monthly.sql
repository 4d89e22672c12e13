-- One row per product and month with valid sales: the orders that hold it, and those that hold another product beside it.
-- Trap: an order of two products is one of each: do not sum products. What of it is paid in another month is an
-- order of that month. Gifts and samples are no valid lines.
{{ table_by_day(days='product_months', day='month_start') }}

with days as (
    {{ days_of_product_months() }}
),

order_products as (
    select
        order_key,
        platform,
        product_id,
        cast(date_trunc('month', paid_date) as date) as month_start
    from {{ ref('order_lines') }}
    where is_valid and product_id is not null and paid_date in (select days.business_date from days)
    group by order_key, platform, product_id, cast(date_trunc('month', paid_date) as date)
),

held as (
    select
        *,
        count(*) over (partition by order_key, month_start) as product_count
    from order_products
)

select
    platform,
    product_id,
    month_start,
    cast(count(*) as bigint) as order_count,
    cast(sum(case when product_count > 1 then 1 else 0 end) as bigint) as combined_order_count
from held
group by platform, product_id, month_start
