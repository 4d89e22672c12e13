-- One row per business day asked for: the F A S T figures as far as the feeds can see them.
-- Trap: exports show buyers and members, not browsing: A (aware) is invisible and I (interested) is only "joined lately". F is
-- therefore an observable F; read it beside `feeds`, and draw no trend across a change of feeds. Own definition where marked.
{{ table_by_day() }}
{%- set measures = {
    'orders': ['purchased', 'loyal', 'deepened', 'deepening_base', 'left_purchase'],
    'members': ['interested', 'member', 'left_interest']
} %}

with due_days as (
    {{ due_days() }}
),

int_fast_periods_unioned as (
    select * from {{ ref('int_fast_periods_unioned') }}
),

feeds as (
    select * from {{ ref('feeds') }}
    where feed in ('orders', 'members')
),

changes as (
    {{ changes_of('int_fast_periods_unioned', ['measure']) }}
),

-- Who is in a state on a day: those who came into it up to the day, less those who left it.
counts as (
    select
        due_days.as_of_date,
        {%- for measure in measures['orders'] + measures['members'] %}
        sum(case when changes.measure = '{{ measure }}' then changes.change else 0 end) as {{ measure }}_count,
        {%- endfor %}
        sum(case when changes.measure = 'active_member' then changes.change else 0 end) as active_member_count
    from due_days
    left join changes on due_days.as_of_date >= changes.changed_date
    group by due_days.as_of_date
),

-- As was known by the day, as all else in a table by day: a feed goes on until its grace is over.
feeds_told as (
    {{ feeds_told('due_days', 'silent_date') }}
),

feeds_by_day as (
    select
        due_days.as_of_date,
        coalesce(bool_or(feeds_told.feed = 'orders' and feeds_told.is_told), false) as has_orders,
        coalesce(bool_or(feeds_told.feed = 'members' and feeds_told.is_told), false) as has_members,
        coalesce(
            bool_or(feeds_told.is_told)
            and max(feeds_told.changed_date) <= {{ days_before('due_days.as_of_date', var('fast_period_days')) }},
            false
        ) as is_comparable
    from due_days
    left join feeds_told on due_days.as_of_date = feeds_told.as_of_date
    group by due_days.as_of_date
),

-- What no feed tells of on the day is unknown, not zero, and so is who left it: I is seen of members, all else of buyers.
joined as (
    select
        counts.as_of_date,
        feeds_by_day.has_orders,
        feeds_by_day.has_members,
        feeds_by_day.is_comparable,
        {%- for feed, names in measures.items() %}
        {%- for measure in names %}
        case when feeds_by_day.has_{{ feed }} then counts.{{ measure }}_count end as {{ measure }}_count,
        {%- endfor %}
        {%- endfor %}
        case when feeds_by_day.has_members and feeds_by_day.has_orders then counts.active_member_count end as active_member_count,
        case when feeds_by_day.has_members then 1 else 0 end + case when feeds_by_day.has_orders then 2 else 0 end
            as visible_state_count
    from counts
    inner join feeds_by_day on counts.as_of_date = feeds_by_day.as_of_date
),

summed as (
    select
        *,
        case
            when has_orders or has_members
                then coalesce(interested_count, 0) + coalesce(purchased_count, 0) + coalesce(loyal_count, 0)
        end as fertility_count
    from joined
)

select
    as_of_date,
    cast(fertility_count as bigint) as fertility_count,
    cast(fertility_count + coalesce(left_interest_count, 0) + coalesce(left_purchase_count, 0) as bigint)
        as fertility_period_count,
    cast(interested_count as bigint) as interested_count,
    cast(purchased_count as bigint) as purchased_count,
    cast(loyal_count as bigint) as loyal_count,
    cast(deepened_count as bigint) as deepened_count,
    cast(deepening_base_count as bigint) as deepening_base_count,
    {{ ratio('deepened_count', 'deepening_base_count') }} as advancing_ratio,
    cast(member_count as bigint) as superiority_count,
    cast(active_member_count as bigint) as active_member_count,
    {{ ratio('active_member_count', 'member_count') }} as thriving_ratio,
    case
        when has_orders and has_members then 'orders, members'
        when has_orders then 'orders'
        when has_members then 'members'
        else 'none'
    end as feeds,
    case
        when has_orders and has_members then 'interested, purchased, loyal'
        when has_orders then 'purchased, loyal'
        when has_members then 'interested'
        else 'none'
    end as visible_states,
    cast(visible_state_count as bigint) as visible_state_count,
    {{ ratio('visible_state_count', '4') }} as visible_state_ratio,
    is_comparable,
    {{ missing_feeds({'orders': 'not has_orders', 'members': 'not has_members'}) }} as missing_feeds
from summed
