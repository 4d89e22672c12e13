-- Every customer with an order that stands is in one cohort, and closed cohorts have brought what their orders brought.
{{ config(meta={'dagster': {'ref': {'name': 'kpi__ltv_cohorts'}}}) }}

with last_day as (
    select max(as_of_date) as as_of_date from {{ ref('int_days_fingerprinted') }}
),

customers as (
    select count(distinct customer_key) as customer_count
    from {{ ref('orders') }}
    where
        is_valid
        and not is_fully_refunded
        and customer_key is not null
        and paid_date <= (select last_day.as_of_date from last_day)
),

repurchase as (
    select
        window_days,
        sum(customer_count) as customer_count
    from {{ ref('kpi__repurchase_cohorts') }}
    where scope = 'brand' and customer_group = 'all'
    group by window_days
),

lifetimes as (
    select coalesce(sum(customer_count), 0) as customer_count
    from {{ ref('kpi__ltv_cohorts') }}
    where scope = 'brand' and age_months = 0
)

select
    'repurchase' as cohorts,
    repurchase.customer_count
from repurchase
cross join customers
where repurchase.customer_count <> customers.customer_count
union all
select
    'lifetimes' as cohorts,
    lifetimes.customer_count
from lifetimes
cross join customers
where lifetimes.customer_count <> customers.customer_count
