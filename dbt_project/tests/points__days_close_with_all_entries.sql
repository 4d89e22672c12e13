-- What accounts held before, plus what came, less what went, is what they hold: on every day, and over all entries.
{{ config(meta={'dagster': {'ref': {'name': 'points_daily'}}}) }}

with days as (
    select * from {{ ref('points_daily') }}
),

entries as (
    select * from {{ ref('points_entries') }}
),

last_days as (
    select
        platform,
        shop_id,
        max(occurred_date) as occurred_date
    from days
    group by platform, shop_id
),

sums as (
    select
        platform,
        shop_id,
        sum(points_delta) as points
    from entries
    group by platform, shop_id
)

select
    days.platform,
    days.shop_id,
    days.occurred_date
from days
inner join sums on days.platform = sums.platform and days.shop_id = sums.shop_id
inner join last_days on days.platform = last_days.platform and days.shop_id = last_days.shop_id
where
    days.opening_points + days.earned_points + days.spent_points + days.expired_points + days.clawed_back_points
    + days.given_back_points + days.adjusted_points <> days.closing_points
    or (days.occurred_date = last_days.occurred_date and days.closing_points <> sums.points)
