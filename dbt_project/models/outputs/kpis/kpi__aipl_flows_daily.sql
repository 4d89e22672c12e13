-- One row per business day asked for and pair of AIPL states: customers in the one the day before, in the other at its end.
-- Trap: who stays in a state is here as well, so that the rows from a state sum to its stock of the day before and the rows to
-- it to its stock of the day; nobody counts those who never had a state. A (aware) is invisible. Draw no flow across a change of
-- feeds (`is_comparable`).
with days as (
    select as_of_date from {{ ref('int_days_fingerprinted') }}
),

int_customers_moved as (
    select * from {{ ref('int_customers_moved') }}
),

feeds as (
    select * from {{ ref('feeds') }}
    where feed in ('orders', 'members')
),

feeds_told as (
    {{ feeds_told('days') }}
),

feeds_by_day as (
    select
        days.as_of_date,
        coalesce(bool_or(feeds_told.feed = 'orders' and feeds_told.is_told), false) as has_orders,
        coalesce(bool_or(feeds_told.feed = 'members' and feeds_told.is_told), false) as has_members,
        coalesce(max(feeds_told.changed_date) < days.as_of_date, false) as is_comparable
    from days
    left join feeds_told on days.as_of_date = feeds_told.as_of_date
    group by days.as_of_date
),

levels as (
    select
        levels.level,
        levels.state
    from (values (0, 'none'), (1, 'interested'), (2, 'purchased'), (3, 'loyal')) as levels (level, state)
),

moves as (
    select
        moved_date,
        level_before,
        level,
        count(*) as customer_count
    from int_customers_moved
    group by moved_date, level_before, level
),

changes as (
    select
        level,
        moved_date as changed_date,
        customer_count as change,
        customer_count as entered_count,
        false as is_asked
    from moves
    union all
    select
        level_before as level,
        moved_date as changed_date,
        -customer_count as change,
        0 as entered_count,
        false as is_asked
    from moves
    union all
    select
        levels.level,
        days.as_of_date as changed_date,
        0 as change,
        0 as entered_count,
        true as is_asked
    from days
    cross join levels
),

changes_by_day as (
    select
        level,
        changed_date,
        sum(change) as change,
        sum(entered_count) as entered_count,
        bool_or(is_asked) as is_asked
    from changes
    where level > 0
    group by level, changed_date
),

-- Who is in a state and did not come on the day has stayed in it.
stays as (
    select
        level,
        changed_date,
        is_asked,
        sum(change) over (partition by level order by changed_date) - entered_count as customer_count
    from changes_by_day
),

flows as (
    select
        days.as_of_date,
        befores.level as level_before,
        befores.state as from_state,
        afters.level,
        afters.state as to_state,
        days.is_comparable,
        not days.has_members and 1 in (befores.level, afters.level) as lacks_members,
        not days.has_orders and (befores.level > 1 or afters.level > 1) as lacks_orders
    from feeds_by_day as days
    cross join levels as befores
    cross join levels as afters
    where befores.level > 0 or afters.level > 0
)

select
    flows.as_of_date,
    flows.from_state,
    flows.to_state,
    case
        when flows.level > flows.level_before then 'up'
        when flows.level < flows.level_before then 'down'
        else 'stay'
    end as direction,
    case
        when not flows.lacks_orders and not flows.lacks_members
            then cast(coalesce(stays.customer_count, moves.customer_count, 0) as bigint)
    end as customer_count,
    flows.is_comparable,
    {{ missing_feeds({'orders': 'flows.lacks_orders', 'members': 'flows.lacks_members'}) }} as missing_feeds
from flows
left join moves
    on
        flows.as_of_date = moves.moved_date
        and flows.level_before = moves.level_before
        and flows.level = moves.level
left join stays
    on
        flows.as_of_date = stays.changed_date
        and flows.level = stays.level
        and flows.level_before = stays.level
        and stays.is_asked
