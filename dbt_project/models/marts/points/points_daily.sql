-- One row per platform, shop and day with entries: what the points accounts held before, what came and went, what they hold.
-- Trap: `closing_points` of a day are the `opening_points` of the next row of the shop, which need not be the next day.
with entries as (
    select * from {{ ref('points_entries') }}
),

days as (
    select
        platform,
        shop_id,
        occurred_date,
        sum(points_delta) as points_delta,
        sum(case when entry_kind = 'earned' then points_delta else 0 end) as earned_points,
        sum(case when entry_kind = 'spent' then points_delta else 0 end) as spent_points,
        sum(case when entry_kind = 'expired' then points_delta else 0 end) as expired_points,
        sum(case when entry_kind = 'clawed_back' then points_delta else 0 end) as clawed_back_points,
        sum(case when entry_kind = 'given_back' then points_delta else 0 end) as given_back_points,
        sum(case when entry_kind = 'adjusted' then points_delta else 0 end) as adjusted_points
    from entries
    group by platform, shop_id, occurred_date
),

balances as (
    select
        *,
        sum(points_delta) over (
            partition by platform, shop_id
            order by occurred_date
            rows between unbounded preceding and current row
        ) as closing_points
    from days
)

select
    platform,
    shop_id,
    occurred_date,
    cast(closing_points - points_delta as decimal(18, 2)) as opening_points,
    cast(earned_points as decimal(18, 2)) as earned_points,
    cast(spent_points as decimal(18, 2)) as spent_points,
    cast(expired_points as decimal(18, 2)) as expired_points,
    cast(clawed_back_points as decimal(18, 2)) as clawed_back_points,
    cast(given_back_points as decimal(18, 2)) as given_back_points,
    cast(adjusted_points as decimal(18, 2)) as adjusted_points,
    cast(closing_points as decimal(18, 2)) as closing_points
from balances
