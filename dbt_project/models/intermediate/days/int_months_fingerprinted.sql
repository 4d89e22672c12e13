-- One row per month with business days asked for: the last of them, with the fingerprint of what its figures read.
-- Trap: the row of a month that lasts moves to each new day; stays in groups count whole, since lists tell late who left.
with days as (
    select * from {{ ref('int_days_fingerprinted') }}
),

group_stays as (
    select * from {{ ref('int_group_stays_dated') }}
),

levels as (
    select * from {{ ref('int_membership_levels_dated') }}
),

last_days as (
    select max(as_of_date) as as_of_date
    from days
    group by date_trunc('month', as_of_date)
),

groups_by_day as (
    select
        last_days.as_of_date,
        {{ rows_fingerprint([
            'group_stays.stay_key', 'group_stays.customer_key', 'group_stays.joined_at', 'group_stays.left_at'
        ]) }} as fingerprint
    from last_days
    inner join group_stays on last_days.as_of_date >= cast(group_stays.joined_at as date)
    group by last_days.as_of_date
),

levels_by_day as (
    select
        last_days.as_of_date,
        {{ rows_fingerprint([
            'levels.account_key', 'levels.customer_key', 'levels.membership_key', 'levels.member_level', 'levels.valid_from'
        ]) }} as fingerprint
    from last_days
    inner join levels on last_days.as_of_date >= levels.valid_from
    group by last_days.as_of_date
),

int_months_fingerprinted as (
    select
        days.as_of_date,
        days.fingerprint
        || coalesce('+' || cast(groups_by_day.fingerprint as varchar), '')
        || coalesce('+' || cast(levels_by_day.fingerprint as varchar), '') as fingerprint
    from days
    inner join last_days on days.as_of_date = last_days.as_of_date
    left join groups_by_day on days.as_of_date = groups_by_day.as_of_date
    left join levels_by_day on days.as_of_date = levels_by_day.as_of_date
)

select * from int_months_fingerprinted
