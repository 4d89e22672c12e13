-- One row per customer and period [valid_from, valid_to) with one AIPL level: 1 interested, 2 purchased, 3 loyal.
-- Trap: the highest level wins, and a fully refunded purchase gives none from the day of the refund on. A function of events
-- alone: periods reach into the future, since purchases will leave their windows then. Without a level there is no row.
{{ renewed_table('forget_touched()') }}

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
        paid_date,
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

-- Purchase days make loyal from the last of them on, until the first of them ends.
loyal_with_1 as ( -- noqa: ST03
    select
        customer_key,
        paid_date,
        valid_from,
        loyal_to
    from purchases
),

{% for days in range(2, var('aipl_loyal_purchase_days') | int + 1) -%}
followed_{{ days }} as (
    select
        customer_key,
        paid_date,
        valid_from,
        loyal_to,
        max(loyal_to) over (
            partition by customer_key order by valid_from, paid_date rows between unbounded preceding and 1 preceding
        ) as loyal_before
    from loyal_with_{{ days - 1 }}
),

loyal_with_{{ days }} as (
    select
        customer_key,
        paid_date,
        valid_from,
        case when loyal_before > valid_from then least(loyal_to, loyal_before) else valid_from end as loyal_to
    from followed_{{ days }}
),

{% endfor -%}
stretches as (
    select
        customer_key,
        2 as level,
        valid_from,
        purchased_to as valid_to
    from purchases
    where valid_from < purchased_to
    union all
    select
        customer_key,
        3 as level,
        valid_from,
        loyal_to as valid_to
    from loyal_with_{{ var('aipl_loyal_purchase_days') }}
    where valid_from < loyal_to
),

-- Few stretches begin after all earlier ones have ended: only those change a level.
followed as (
    select
        customer_key,
        level,
        valid_from,
        max(valid_to) over (
            partition by customer_key, level order by valid_from, valid_to rows between unbounded preceding and 1 preceding
        ) as ended_before
    from stretches
),

changes as (
    select
        customer_key,
        level,
        valid_from as changed_date,
        1 as change
    from followed
    where ended_before is null or ended_before < valid_from
    union all
    select
        customer_key,
        level,
        ended_before as changed_date,
        -1 as change
    from followed
    where ended_before < valid_from
    union all
    select
        customer_key,
        level,
        max(valid_to) as changed_date,
        -1 as change
    from stretches
    group by customer_key, level
    union all
    select
        customer_key,
        1 as level,
        valid_from as changed_date,
        1 as change
    from joins
    union all
    select
        customer_key,
        1 as level,
        valid_to as changed_date,
        -1 as change
    from joins
),

-- Of several changes on one date the last one counts: it is followed by a later date, or by none.
accumulated as (
    select
        customer_key,
        changed_date,
        lead(changed_date) over history as next_changed_date,
        case
            when sum(case when level = 3 then change end) over history > 0 then 3
            when sum(case when level = 2 then change end) over history > 0 then 2
            when sum(case when level = 1 then change end) over history > 0 then 1
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
