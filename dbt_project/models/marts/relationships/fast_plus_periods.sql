-- One row per customer and period [valid_from, valid_to) in which a figure of FAST+ counts him.
-- Trap: a measure's periods of one customer do not overlap, so that a count of rows is a count of customers.
with relationship_periods as (
    select * from {{ ref('relationship_periods') }}
    where field = 'private_domain'
),

role_periods as (
    select * from {{ ref('role_periods') }}
),

buyers as (
    select * from {{ ref('int_buyers_classified') }}
    where recent_purchase_day_count > 0
),

memberships as (
    select * from {{ ref('int_memberships_merged') }}
),

activities as (
    select
        customer_key,
        paid_date as active_date
    from {{ ref('int_purchase_days_valued') }}
    where valid_from = paid_date
    union all
    select
        customer_key,
        occurred_date as active_date
    from {{ ref('engagements') }}
    where event_type not in ('unfollow', 'group_leave')
    union all
    select
        customer_key,
        occurred_date as active_date
    from {{ ref('points_entries') }}
    where entry_kind in ('earned', 'spent')
),

active_days as (
    select
        customer_key,
        active_date,
        lead(active_date) over (partition by customer_key order by active_date) as next_active_date
    from activities
    where customer_key in (select memberships.customer_key from memberships)
    group by customer_key, active_date
),

earlier_roles as (
    select
        customer_key,
        role_level,
        {{ days_after('valid_from', var('fast_period_days')) }} as valid_from,
        {{ days_after('valid_to', var('fast_period_days')) }} as valid_to
    from role_periods
    where role_level < 6
),

periods as (
    select
        customer_key,
        'private_domain' as measure,
        valid_from,
        valid_to
    from relationship_periods
    union all
    select
        customer_key,
        'buyer' as measure,
        valid_from,
        valid_to
    from buyers
    union all
    select
        relationship_periods.customer_key,
        'private_domain_buyer' as measure,
        greatest(relationship_periods.valid_from, buyers.valid_from) as valid_from,
        least(relationship_periods.valid_to, buyers.valid_to) as valid_to
    from relationship_periods
    inner join buyers on relationship_periods.customer_key = buyers.customer_key
    union all
    select
        customer_key,
        'deepening_base' as measure,
        valid_from,
        valid_to
    from earlier_roles
    union all
    select
        earlier_roles.customer_key,
        'deepened' as measure,
        greatest(earlier_roles.valid_from, role_periods.valid_from) as valid_from,
        least(earlier_roles.valid_to, role_periods.valid_to) as valid_to
    from earlier_roles
    inner join role_periods
        on
            earlier_roles.customer_key = role_periods.customer_key
            and earlier_roles.role_level < role_periods.role_level
    union all
    select
        customer_key,
        'member' as measure,
        valid_from,
        valid_to
    from memberships
    {%- for days in [30, 90, 180] %}
    union all
    select
        active_days.customer_key,
        'active_member_{{ days }}d' as measure,
        greatest(active_days.active_date, memberships.valid_from) as valid_from,
        least(active_days.next_active_date, {{ days_after('active_days.active_date', days) }}, memberships.valid_to) as valid_to
    from active_days
    inner join memberships on active_days.customer_key = memberships.customer_key
    {%- endfor %}
)

select
    customer_key,
    measure,
    valid_from,
    valid_to
from periods
where valid_to is null or valid_from < valid_to
