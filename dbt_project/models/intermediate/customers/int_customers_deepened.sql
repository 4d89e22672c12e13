-- One row per customer and period [valid_from, valid_to) in which his AIPL level is higher than it was a FAST period before.
-- Trap: who had no level then has not deepened: he is new.
{{ renewed_table('forget_touched()') }}

with int_customers_classified as (
    select * from {{ ref('int_customers_classified') }}
    where {{ is_touched() }}
),

earlier as (
    select
        customer_key,
        level,
        {{ days_after('valid_from', var('fast_period_days')) }} as valid_from,
        {{ days_after('valid_to', var('fast_period_days')) }} as valid_to
    from int_customers_classified
),

int_customers_deepened as (
    select
        earlier.customer_key,
        greatest(earlier.valid_from, int_customers_classified.valid_from) as valid_from,
        least(earlier.valid_to, int_customers_classified.valid_to) as valid_to
    from earlier
    inner join int_customers_classified
        on
            earlier.customer_key = int_customers_classified.customer_key
            and earlier.level < int_customers_classified.level
            and earlier.valid_from < int_customers_classified.valid_to
            and earlier.valid_to > int_customers_classified.valid_from
)

select * from int_customers_deepened
