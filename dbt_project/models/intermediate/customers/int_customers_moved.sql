-- One row per customer and business day on which his AIPL level changed: 0 none, 1 interested, 2 purchased, 3 loyal.
-- Trap: periods reach into the future, and so do the changes at their ends: read a day by its date.
{{ renewed_table('forget_touched()') }}

with int_customers_classified as (
    select * from {{ ref('int_customers_classified') }}
    where {{ is_touched() }}
),

followed as (
    select
        customer_key,
        level,
        valid_from,
        valid_to,
        lag(level) over history as earlier_level,
        lag(valid_to) over history as earlier_valid_to,
        lead(valid_from) over history as next_valid_from
    from int_customers_classified
    window history as (partition by customer_key order by valid_from)
),

int_customers_moved as (
    select
        customer_key,
        valid_from as moved_date,
        case when earlier_valid_to = valid_from then earlier_level else 0 end as level_before,
        level,
        valid_to as next_moved_date
    from followed

    union all

    select
        customer_key,
        valid_to as moved_date,
        level as level_before,
        0 as level,
        next_valid_from as next_moved_date
    from followed
    where next_valid_from is null or valid_to < next_valid_from
)

select * from int_customers_moved
