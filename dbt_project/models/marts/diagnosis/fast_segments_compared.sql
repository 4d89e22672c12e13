-- One row per diagnosed day, comparison, letter of FAST, dimension and value: the letter's parts now and on the earlier day.
-- Trap: only the days of `diagnosis_comparisons` are diagnosed. A dimension splits the same customers anew: add up the values of
-- one dimension, never those of two. Levels are those of the day that is told of; shop, channel and cohort do not change. What no
-- feed tells of on a day is null, and a state that none tells of is left out of F.
{% set dimensions = ['shop', 'member_level', 'join_channel', 'cohort_month', 'state'] -%}
with diagnosis_comparisons as (
    select * from {{ ref('diagnosis_comparisons') }}
),

fast_periods as (
    select * from {{ ref('int_fast_periods_unioned') }}
    where measure not in ('left_interest', 'left_purchase')
),

members as (
    select * from {{ ref('members') }}
),

membership_levels as (
    select * from {{ ref('membership_levels') }}
),

customer_profiles as (
    select * from {{ ref('customer_profiles') }}
),

told_dates as (
    select as_of_date as told_date from diagnosis_comparisons
    union
    select compared_date as told_date from diagnosis_comparisons
),

told as (
    {{ told_kinds('told_dates', {'orders': "= 'orders'", 'members': "= 'members'"}, day='told_date') }}
),

signs as (
    select 1 as sign
    union all
    select -1 as sign
),

-- The level of a customer on a day is that of his latest membership that lasts then.
memberships as (
    select
        told_dates.told_date,
        members.customer_key,
        membership_levels.member_level,
        row_number() over (
            partition by told_dates.told_date, members.customer_key
            order by members.joined_at desc, members.membership_key desc
        ) as place
    from told_dates
    inner join members on {{ holds_on('told_dates.told_date', 'members', 'joined_date', 'left_date') }}
    left join membership_levels
        on
            members.membership_key = membership_levels.membership_key
            and {{ holds_on('told_dates.told_date', 'membership_levels') }}
),

levels as (
    select
        memberships.told_date,
        fast_periods.measure,
        memberships.member_level,
        count(*) as customer_count
    from memberships
    inner join fast_periods
        on
            memberships.customer_key = fast_periods.customer_key
            and {{ holds_on('memberships.told_date', 'fast_periods') }}
    where memberships.place = 1 and memberships.member_level is not null
    group by memberships.told_date, fast_periods.measure, memberships.member_level
),

-- A state tells apart F alone: the other letters count customers of all states.
changes as (
    select
        fast_periods.measure,
        case when signs.sign = 1 then fast_periods.valid_from else fast_periods.valid_to end as changed_date,
        coalesce(customer_profiles.shop, 'unknown') as shop,
        'none' as member_level,
        coalesce(customer_profiles.join_channel, 'no member') as join_channel,
        coalesce(cast(customer_profiles.cohort_month as varchar), 'unknown') as cohort_month,
        case when fast_periods.measure in ('interested', 'purchased', 'loyal') then fast_periods.measure else 'all' end as state,
        signs.sign
    from fast_periods
    cross join signs
    left join customer_profiles on fast_periods.customer_key = customer_profiles.customer_key
    where signs.sign = 1 or fast_periods.valid_to is not null
),

changes_by_value as (
    select
        measure,
        changed_date,
        {%- for dimension in dimensions %}
        {{ dimension }},
        {%- endfor %}
        sum(sign) as change
    from changes
    group by grouping sets (
        {%- for dimension in dimensions %}
        (measure, changed_date, {{ dimension }}){{ ',' if not loop.last }}
        {%- endfor %}
    )
),

counted as (
    select
        told_dates.told_date,
        changes_by_value.measure,
        case
            {%- for dimension in dimensions %}
            when changes_by_value.{{ dimension }} is not null then '{{ dimension }}'
            {%- endfor %}
        end as dimension,
        coalesce(
            {%- for dimension in dimensions %}
            changes_by_value.{{ dimension }}{{ ',' if not loop.last }}
            {%- endfor %}
        ) as dimension_value,
        sum(changes_by_value.change) as customer_count
    from told_dates
    inner join changes_by_value on told_dates.told_date >= changes_by_value.changed_date
    group by told_dates.told_date, changes_by_value.measure, dimension, dimension_value
),

-- All are counted under no level; who has one leaves it for his.
figures as (
    select * from counted
    union all
    select
        told_date,
        measure,
        'member_level' as dimension,
        member_level as dimension_value,
        customer_count
    from levels
    union all
    select
        told_date,
        measure,
        'member_level' as dimension,
        'none' as dimension_value,
        -customer_count as customer_count
    from levels
),

letters as (
    select
        told.told_date,
        letters.letter,
        letters.measure,
        letters.is_counted,
        not letters.is_counted as is_base,
        case letters.letter
            when 'F' then told.has_orders or told.has_members
            when 'A' then told.has_orders
            when 'S' then told.has_members
            else told.has_orders and told.has_members
        end as is_told,
        case
            when letters.letter <> 'F' then true
            when letters.measure = 'interested' then told.has_members
            else told.has_orders
        end as is_state_told
    from told
    cross join (
        values
        ('F', 'interested', true),
        ('F', 'purchased', true),
        ('F', 'loyal', true),
        ('A', 'deepened', true),
        ('A', 'deepening_base', false),
        ('S', 'member', true),
        ('T', 'active_member', true),
        ('T', 'member', false)
    ) as letters (letter, measure, is_counted)
)

select
    diagnosis_comparisons.as_of_date,
    diagnosis_comparisons.comparison,
    diagnosis_comparisons.compared_date,
    letters_now.letter,
    figures.dimension,
    figures.dimension_value,
{%- for name, day in [('now', 'as_of_date'), ('before', 'compared_date')] %}
{%- for part, is_in in [('numerator', 'is_counted'), ('denominator', 'is_base')] %}
cast(sum(
    case
        when not letters_{{ name }}.is_told then null
        when figures.dimension = 'state' and not letters_{{ name }}.is_state_told then null
        when
            letters_{{ name }}.{{ is_in }}
            and letters_{{ name }}.is_state_told
            and figures.told_date = diagnosis_comparisons.{{ day }}
            then figures.customer_count
        else 0
    end
    ) as bigint) as {{ part }}_{{ name }}{{ ',' if not (loop.last and name == 'before') }}
{%- endfor %}
{%- endfor %}
from diagnosis_comparisons
inner join figures on figures.told_date in (diagnosis_comparisons.as_of_date, diagnosis_comparisons.compared_date)
inner join letters as letters_now
    on figures.measure = letters_now.measure and diagnosis_comparisons.as_of_date = letters_now.told_date
inner join letters as letters_before
    on
        figures.measure = letters_before.measure
        and letters_now.letter = letters_before.letter
        and diagnosis_comparisons.compared_date = letters_before.told_date
where figures.dimension <> 'state' or letters_now.letter = 'F'
group by
    diagnosis_comparisons.as_of_date, diagnosis_comparisons.comparison, diagnosis_comparisons.compared_date, letters_now.letter,
    figures.dimension, figures.dimension_value
