-- One row per business day asked for: whom each measure of FAST+ counts, and who came to the private domain or left it.
-- Trap: null before anything is told of a measure; whether a feed still tells of it is for `kpi__fast_plus_daily` to judge.
{% set measures = ['private_domain', 'buyer', 'private_domain_buyer', 'deepening_base', 'deepened', 'member'] -%}

with days as (
    select as_of_date from {{ ref('int_days_fingerprinted') }}
),

fast_plus_periods as (
    select * from {{ ref('fast_plus_periods') }}
),

changes as (
    select
        measure,
        valid_from as changed_date,
        count(*) as entered_count,
        0 as left_count
    from fast_plus_periods
    group by measure, valid_from
    union all
    select
        measure,
        valid_to as changed_date,
        0 as entered_count,
        count(*) as left_count
    from fast_plus_periods
    where valid_to is not null
    group by measure, valid_to
),

counted as (
    select
        days.as_of_date,
        changes.measure,
        changes.entered_count - changes.left_count as change,
        case when changes.changed_date = days.as_of_date then changes.entered_count end as entered_count,
        case when changes.changed_date = days.as_of_date then changes.left_count end as left_count
    from days
    left join changes on days.as_of_date >= changes.changed_date
)

select
    as_of_date,
    {%- for measure in measures %}
    cast(sum(case when measure = '{{ measure }}' then change end) as bigint) as {{ measure }}_count,
    {%- endfor %}
    {%- for days in [30, 90, 180] %}
    cast(sum(case when measure = 'active_member_{{ days }}d' then change end) as bigint) as active_member_count_{{ days }}d,
    {%- endfor %}
    cast(sum(case when measure = 'private_domain' then entered_count end) as bigint) as entered_count,
    cast(sum(case when measure = 'private_domain' then left_count end) as bigint) as left_count
from counted
group by as_of_date
