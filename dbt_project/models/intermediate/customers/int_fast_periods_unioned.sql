-- One row per customer and period [valid_from, valid_to) in which a figure of FAST counts him.
-- Trap: a measure's periods of one customer do not overlap, so that a count of rows is a count of customers; some are empty.
{{ config(materialized='view') }}

with int_customers_classified as (
    select * from {{ ref('int_customers_classified') }}
),

int_customers_deepened as (
    select * from {{ ref('int_customers_deepened') }}
),

int_customers_moved as (
    select * from {{ ref('int_customers_moved') }}
),

int_memberships_merged as (
    select * from {{ ref('int_memberships_merged') }}
),

int_members_activated as (
    select * from {{ ref('int_members_activated') }}
),

int_fast_periods_unioned as (
    select
        customer_key,
        case level when 1 then 'interested' when 2 then 'purchased' else 'loyal' end as measure,
        valid_from,
        valid_to
    from int_customers_classified
    union all
    select
        customer_key,
        'deepening_base' as measure,
        {{ days_after('valid_from', var('fast_period_days')) }} as valid_from,
        {{ days_after('valid_to', var('fast_period_days')) }} as valid_to
    from int_customers_classified
    union all
    select
        customer_key,
        case level_before when 1 then 'left_interest' else 'left_purchase' end as measure,
        moved_date as valid_from,
        least({{ days_before(days_after('moved_date', var('fast_period_days')), 1) }}, next_moved_date) as valid_to
    from int_customers_moved
    where level = 0
    union all
    select
        customer_key,
        'deepened' as measure,
        valid_from,
        valid_to
    from int_customers_deepened
    union all
    select
        customer_key,
        'member' as measure,
        valid_from,
        valid_to
    from int_memberships_merged
    union all
    select
        customer_key,
        'active_member' as measure,
        valid_from,
        valid_to
    from int_members_activated
)

select * from int_fast_periods_unioned
