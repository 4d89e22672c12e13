-- The brand has no more members (S of FAST) than its shops have together; and of each shop the members of the day before, plus
-- who joined, less who left, are those of the day.
{{ config(meta={'dagster': {'ref': {'name': 'member_counts_daily'}}}) }}

with days as (
    select * from {{ ref('member_counts_daily') }}
),

shops as (
    select
        business_date,
        sum(member_count) as member_count
    from days
    group by business_date
),

brand as (
    select * from {{ ref('kpi__fast_daily') }}
    where {{ is_of_todays_logic('as_of_date', ['kpi__fast_daily']) }}
),

apart as (
    select
        'brand' as shop_id,
        brand.as_of_date as business_date
    from brand
    inner join shops on brand.as_of_date = shops.business_date
    where brand.superiority_count > shops.member_count
),

unbalanced as (
    select
        days.shop_id,
        days.business_date
    from days
    inner join days as yesterday
        on
            days.platform = yesterday.platform
            and days.shop_id = yesterday.shop_id
            and {{ days_before('days.business_date', 1) }} = yesterday.business_date
    where days.member_count <> yesterday.member_count + days.joined_count - days.left_count
)

select * from apart
union all
select * from unbalanced
