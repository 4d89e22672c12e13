-- As of a day means the end of that day: a later purchase would make recency negative.
{{ config(meta={'dagster': {'ref': {'name': 'customer_rfm_daily'}}}) }}

select
    as_of_date,
    customer_key,
    recency_days
from {{ ref('customer_rfm_daily') }}
where
    recency_days < 0
    or recency_days >= {{ var('rfm_window_days') }}
    or net_amount <= 0
    or net_amount > paid_amount
    or purchase_day_count > order_count
