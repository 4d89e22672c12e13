-- Every customer with an order that stands is in one cohort of each scope (brand, platform, shop) in which he has one.
{{ config(meta={'dagster': {'ref': {'name': 'kpi__ltv_cohorts'}}}) }}

with scoped_customers as (
    select
        customer_key,
        platform,
        shop_id
    from {{ ref('orders') }}
    where
        is_valid
        and not is_fully_refunded
        and customer_key is not null
        and paid_date <= ({{ last_asked_day() }})
    group by grouping sets ((customer_key), (customer_key, platform), (customer_key, platform, shop_id))
),

customers as (
    select
        coalesce(platform, 'all') as platform,
        coalesce(shop_id, 'all') as shop_id,
        count(*) as customer_count
    from scoped_customers
    group by coalesce(platform, 'all'), coalesce(shop_id, 'all')
),

cohorts as (
    select
        'repurchase ' || window_days as cohorts,
        platform,
        shop_id,
        sum(customer_count) as customer_count
    from {{ ref('kpi__repurchase_cohorts') }}
    where customer_group = 'all'
    group by window_days, platform, shop_id
    union all
    select
        'lifetimes' as cohorts,
        platform,
        shop_id,
        sum(customer_count) as customer_count
    from {{ ref('kpi__ltv_cohorts') }}
    where age_months = 0
    group by platform, shop_id
)

select
    cohorts.cohorts,
    customers.platform,
    customers.shop_id
from customers
full outer join cohorts on customers.platform = cohorts.platform and customers.shop_id = cohorts.shop_id
where cohorts.customer_count is distinct from customers.customer_count
