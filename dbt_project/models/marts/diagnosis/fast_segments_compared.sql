-- One row per diagnosed day, comparison, letter of FAST, dimension and value: the letter's parts now and on the earlier day.
-- Trap: only the days of `diagnosis_comparisons` are diagnosed. A dimension splits the same customers anew: add up the values of
-- one dimension, never those of two.
{% set dimensions = ['shop', 'member_level', 'join_channel', 'cohort_month', 'state'] -%}
with diagnosis_comparisons as (
    select * from {{ ref('diagnosis_comparisons') }}
),

fast_periods as (
    select * from {{ ref('int_fast_periods_unioned') }}
    where measure <> 'left_lately'
),

customer_profiles as (
    select * from {{ ref('customer_profiles') }}
),

told_dates as (
    select as_of_date as told_date from diagnosis_comparisons
    union
    select compared_date as told_date from diagnosis_comparisons
),

signs as (
    select 1 as sign
    union all
    select -1 as sign
),

-- A state tells apart F alone: the other letters count customers of all states.
changes as (
    select
        fast_periods.measure,
        case when signs.sign = 1 then fast_periods.valid_from else fast_periods.valid_to end as changed_date,
        coalesce(customer_profiles.shop, 'unknown') as shop,
        coalesce(customer_profiles.member_level, 'none') as member_level,
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

figures as (
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

letters as (
    select
        'F' as letter,
        'interested' as measure,
        true as is_counted,
        false as is_base
    union all
    select
        'F' as letter,
        'purchased' as measure,
        true as is_counted,
        false as is_base
    union all
    select
        'F' as letter,
        'loyal' as measure,
        true as is_counted,
        false as is_base
    union all
    select
        'A' as letter,
        'deepened' as measure,
        true as is_counted,
        false as is_base
    union all
    select
        'A' as letter,
        'deepening_base' as measure,
        false as is_counted,
        true as is_base
    union all
    select
        'S' as letter,
        'member' as measure,
        true as is_counted,
        false as is_base
    union all
    select
        'T' as letter,
        'active_member' as measure,
        true as is_counted,
        false as is_base
    union all
    select
        'T' as letter,
        'member' as measure,
        false as is_counted,
        true as is_base
)

select
    diagnosis_comparisons.as_of_date,
    diagnosis_comparisons.comparison,
    diagnosis_comparisons.compared_date,
    letters.letter,
    figures.dimension,
    figures.dimension_value,
{%- for name, day in [('now', 'as_of_date'), ('before', 'compared_date')] %}
{%- for part, is_in in [('numerator', 'is_counted'), ('denominator', 'is_base')] %}
cast(sum(
    case when letters.{{ is_in }} and figures.told_date = diagnosis_comparisons.{{ day }} then figures.customer_count else 0 end
    ) as bigint) as {{ part }}_{{ name }}{{ ',' if not (loop.last and name == 'before') }}
{%- endfor %}
{%- endfor %}
from diagnosis_comparisons
inner join figures on figures.told_date in (diagnosis_comparisons.as_of_date, diagnosis_comparisons.compared_date)
inner join letters on figures.measure = letters.measure
where figures.dimension <> 'state' or letters.letter = 'F'
group by
    diagnosis_comparisons.as_of_date, diagnosis_comparisons.comparison, diagnosis_comparisons.compared_date, letters.letter,
    figures.dimension, figures.dimension_value
