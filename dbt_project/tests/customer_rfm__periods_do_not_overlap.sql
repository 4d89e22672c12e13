-- On any day a customer has one set of values: a period ends before the next begins.
{{ config(meta={'dagster': {'ref': {'name': 'customer_rfm_periods'}}}) }}

with followed as (
    select
        customer_key,
        valid_from,
        valid_to,
        lead(valid_from) over (partition by customer_key order by valid_from) as next_valid_from
    from {{ ref('customer_rfm_periods') }}
    where {{ was_touched('customer_key') }}
)

select
    customer_key,
    valid_from,
    valid_to,
    next_valid_from
from followed
where valid_from >= valid_to or valid_to > next_valid_from
