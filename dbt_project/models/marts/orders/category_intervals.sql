-- One row per product category: how many days lie between a customer's purchases of it, and after how many he counts as lost.
-- Trap: purchase days of one category only, refunded or not; a category with few intervals has the days of `churn_days`.
with order_lines as (
    select * from {{ ref('order_lines') }}
    where is_valid and customer_key is not null
),

sold_products as (
    select * from {{ ref('sold_products') }}
    where category is not null
),

purchase_days as (
    select
        order_lines.customer_key,
        sold_products.category,
        order_lines.paid_date
    from order_lines
    inner join sold_products
        on order_lines.platform = sold_products.platform and order_lines.product_id = sold_products.product_id
    group by order_lines.customer_key, sold_products.category, order_lines.paid_date
),

followed as (
    select
        category,
        paid_date,
        lag(paid_date) over (partition by customer_key, category order by paid_date) as previous_date
    from purchase_days
),

measured as (
    select
        category,
        count(previous_date) as interval_count,
        median({{ days_between('previous_date', 'paid_date') }}) as median_interval_days
    from followed
    group by category
)

select
    category,
    cast(interval_count as bigint) as interval_count,
    cast(median_interval_days as double) as median_interval_days,
    cast(
        case
            when interval_count >= {{ var('churn_minimum_intervals') }}
                then ceil({{ var('churn_interval_multiple') }} * median_interval_days)
            else {{ var('churn_days') }}
        end as bigint
    ) as churn_days
from measured
