-- Over all days every member joins the brand once, whatever the number of his shops, and in one channel.
{{ config(meta={'dagster': {'ref': {'name': 'kpi__recruitment_periods'}}}) }}

with joins as (
    select
        scope,
        join_channel = 'all' as is_of_all_channels,
        sum(first_joined_count) as first_joined_count
    from {{ ref('kpi__recruitment_periods') }}
    where period_type = 'day'
    group by scope, join_channel = 'all'
),

members as (
    select count(distinct customer_key) as customer_count
    from {{ ref('members') }}
    where joined_date <= ({{ last_asked_day() }})
)

select
    joins.scope,
    joins.first_joined_count
from joins
cross join members
where joins.first_joined_count <> members.customer_count
