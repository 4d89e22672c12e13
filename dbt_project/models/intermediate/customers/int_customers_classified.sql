-- One row per customer and period [valid_from, valid_to) with one AIPL level: 1 interested, 2 purchased, 3 loyal.
-- Trap: the highest level wins, and a fully refunded purchase gives none from the day of the refund on. A function of events
-- alone: periods reach into the future, since purchases will leave their windows then. Without a level there is no row.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_touched() }}"
) }}

with int_purchase_days_valued as (
    select * from {{ ref('int_purchase_days_valued') }}
    where order_count > 0 and {{ is_touched() }}
),

int_memberships_unioned as (
    select * from {{ ref('int_memberships_unioned') }}
    where {{ is_touched() }}
),

purchases as (
    select
        customer_key,
        valid_from,
        greatest(valid_from, least(valid_to, {{ days_after('paid_date', var('aipl_purchase_days')) }})) as purchased_to,
        greatest(valid_from, least(valid_to, {{ days_after('paid_date', var('aipl_loyal_days')) }})) as loyal_to
    from int_purchase_days_valued
),

joins as (
    select
        customer_key,
        cast(joined_at as date) as valid_from,
        least(cast(left_at as date), {{ days_after('cast(joined_at as date)', var('aipl_interest_days')) }}) as valid_to
    from int_memberships_unioned
),

changes as (
    select
        customer_key,
        valid_from as changed_date,
        1 as purchase_count,
        1 as loyal_day_count,
        0 as join_count
    from purchases
    union all
    select
        customer_key,
        purchased_to as changed_date,
        -1 as purchase_count,
        0 as loyal_day_count,
        0 as join_count
    from purchases
    union all
    select
        customer_key,
        loyal_to as changed_date,
        0 as purchase_count,
        -1 as loyal_day_count,
        0 as join_count
    from purchases
    union all
    select
        customer_key,
        valid_from as changed_date,
        0 as purchase_count,
        0 as loyal_day_count,
        1 as join_count
    from joins
    union all
    select
        customer_key,
        valid_to as changed_date,
        0 as purchase_count,
        0 as loyal_day_count,
        -1 as join_count
    from joins
),

-- Of several changes on one date the last one counts: it is followed by a later date, or by none.
accumulated as (
    select
        customer_key,
        changed_date,
        lead(changed_date) over history as next_changed_date,
        case
            when sum(loyal_day_count) over history >= {{ var('aipl_loyal_purchase_days') }} then 3
            when sum(purchase_count) over history > 0 then 2
            when sum(join_count) over history > 0 then 1
            else 0
        end as level
    from changes
    window history as (partition by customer_key order by changed_date)
),

levels as (
    select
        customer_key,
        changed_date,
        level,
        coalesce(lag(level) over (partition by customer_key order by changed_date), 0) as level_before
    from accumulated
    where next_changed_date is null or changed_date < next_changed_date
),

periods as (
    select
        customer_key,
        level,
        changed_date as valid_from,
        lead(changed_date) over (partition by customer_key order by changed_date) as valid_to
    from levels
    where level <> level_before
),

int_customers_classified as (
    select * from periods
    where level > 0
)

select * from int_customers_classified
