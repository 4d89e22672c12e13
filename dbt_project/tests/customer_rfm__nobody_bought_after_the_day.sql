-- As of a day means the end of that day: a later purchase would make recency negative, one out of the window too large.
{{ config(meta={'dagster': {'ref': {'name': 'customer_rfm_periods'}}}) }}

select
    customer_key,
    valid_from,
    last_paid_date
from {{ ref('customer_rfm_periods') }}
where
    {{ was_touched('customer_key') }}
    and (
        last_paid_date > valid_from
        or valid_to > {{ days_after('last_paid_date', var('rfm_window_days')) }}
        or net_amount <= 0
        or net_amount > paid_amount
        or purchase_day_count > order_count
    )
