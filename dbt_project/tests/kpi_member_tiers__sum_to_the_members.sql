-- On the last business day of a month a platform's levels and tenures hold each of its members once.
{{ config(meta={'dagster': {'ref': {'name': 'kpi__member_tiers_monthly'}}}) }}

with members as (
    select * from {{ ref('members') }}
),

tiers as (
    select
        as_of_date,
        platform,
        sum(member_count) as member_count
    from {{ ref('kpi__member_tiers_monthly') }}
    where {{ is_of_todays_logic('as_of_date', ['kpi__member_tiers_monthly']) }}
    group by as_of_date, platform
),

counted as (
    select
        tiers.as_of_date,
        tiers.platform,
        tiers.member_count,
        count(distinct members.customer_key) as customer_count
    from tiers
    left join members
        on
            tiers.platform = members.platform
            and {{ holds_on('tiers.as_of_date', 'members', 'joined_date', 'left_date') }}
    group by tiers.as_of_date, tiers.platform, tiers.member_count
)

select * from counted
where member_count <> customer_count
