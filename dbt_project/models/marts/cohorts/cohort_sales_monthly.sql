-- One row per cohort month, scope (brand, platform, shop) and month in which its customers bought: what they bought then.
-- Trap: only orders that stand make a cohort and are counted; what was paid for others from then on is in the gross. A customer
-- is of one cohort in each scope.
with orders as (
    select * from {{ ref('orders') }}
    where is_valid and customer_key is not null
),

sales_scopes as (
    select * from {{ ref('sales_scopes') }}
),

last_day as (
    {{ last_asked_day() }}
),

shop_months as (
    select
        orders.customer_key,
        sales_scopes.platform_scope_number,
        sales_scopes.scope_number as shop_scope_number,
        cast(date_trunc('month', orders.paid_date) as date) as month_start,
        sum(case when orders.is_fully_refunded then 0 else 1 end) as order_count,
        sum(orders.paid_amount) as paid_amount,
        sum(orders.net_amount) as net_amount
    from orders
    inner join sales_scopes on orders.platform = sales_scopes.platform and orders.shop_id = sales_scopes.shop_id
    where orders.paid_date <= (select last_day.as_of_date from last_day)
    group by
        orders.customer_key, sales_scopes.platform_scope_number, sales_scopes.scope_number,
        cast(date_trunc('month', orders.paid_date) as date)
),

customer_months as (
    select
        customer_key,
        coalesce(shop_scope_number, platform_scope_number, 0) as scope_number,
        month_start,
        sum(order_count) as order_count,
        sum(paid_amount) as paid_amount,
        sum(net_amount) as net_amount
    from shop_months
    group by grouping sets (
        (customer_key, month_start),
        (customer_key, month_start, platform_scope_number),
        (customer_key, month_start, shop_scope_number)
    )
),

cohorts as (
    select
        *,
        min(case when order_count > 0 then month_start end) over (partition by customer_key, scope_number) as cohort_month
    from customer_months
),

sums as (
    select
        cohort_month,
        scope_number,
        month_start,
        sum(case when order_count > 0 then 1 else 0 end) as buyer_count,
        sum(order_count) as order_count,
        sum(paid_amount) as paid_amount,
        sum(net_amount) as net_amount
    from cohorts
    where month_start >= cohort_month
    group by cohort_month, scope_number, month_start
)

select
    sums.cohort_month,
    sales_scopes.platform,
    sales_scopes.shop_id,
    sums.month_start,
    cast(sums.buyer_count as bigint) as buyer_count,
    cast(sums.order_count as bigint) as order_count,
    cast(sums.paid_amount as decimal(18, 2)) as paid_amount,
    cast(sums.net_amount as decimal(18, 2)) as net_amount
from sums
inner join sales_scopes on sums.scope_number = sales_scopes.scope_number
