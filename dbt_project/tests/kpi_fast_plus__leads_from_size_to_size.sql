-- The private domain of the day before, plus who came, less who left, is that of the day; its roles sum to it where a feed tells.
{{ config(meta={'dagster': {'ref': {'name': 'kpi__fast_plus_daily'}}}) }}

with kpi__fast_plus_daily as (
    select * from {{ ref('kpi__fast_plus_daily') }}
),

changes as (
    select
        valid_from as changed_date,
        count(*) as person_count
    from {{ ref('role_periods') }}
    group by valid_from
    union all
    select
        valid_to as changed_date,
        -count(*) as person_count
    from {{ ref('role_periods') }}
    where valid_to is not null
    group by valid_to
),

roles as (
    select
        kpi__fast_plus_daily.as_of_date,
        sum(changes.person_count) as person_count
    from kpi__fast_plus_daily
    inner join changes on kpi__fast_plus_daily.as_of_date >= changes.changed_date
    group by kpi__fast_plus_daily.as_of_date
)

select
    today.as_of_date,
    today.private_domain_count,
    roles.person_count
from kpi__fast_plus_daily as today
left join roles on today.as_of_date = roles.as_of_date
left join kpi__fast_plus_daily as yesterday on {{ days_before('today.as_of_date', 1) }} = yesterday.as_of_date
where
    today.private_domain_count is distinct from case when today.private_domain_feeds <> 'none' then roles.person_count end
    or today.private_domain_count <> yesterday.private_domain_count + today.entered_count - today.left_count
