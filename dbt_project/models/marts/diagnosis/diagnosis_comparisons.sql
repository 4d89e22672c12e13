-- One row per diagnosed day and comparison: the earlier day it is compared with.
-- Trap: diagnosed are the last business day of each month and of each promotion, so far. A promotion whose dates move
-- is compared by its own days: the same day since its start, or the end with the end. The seed `promotions` has Tmall's dates as
-- they were known to the public, to a day or so, and assumed ones where its `meaning` says so: a brand replaces them by its own.
with days as (
    select as_of_date from {{ ref('int_days_fingerprinted') }}
),

promotions as (
    select
        promotion,
        start_date,
        end_date,
        lag(start_date) over (partition by promotion order by start_date) as earlier_start_date,
        lag(end_date) over (partition by promotion order by start_date) as earlier_end_date
    from {{ ref('promotions') }}
),

month_ends as (
    select max(as_of_date) as as_of_date from days
    group by date_trunc('month', as_of_date)
),

promotion_days as (
    select
        promotions.promotion,
        promotions.start_date,
        promotions.end_date,
        promotions.earlier_start_date,
        promotions.earlier_end_date,
        max(days.as_of_date) as as_of_date
    from promotions
    inner join days on promotions.start_date <= days.as_of_date and promotions.end_date >= days.as_of_date
    where promotions.earlier_start_date is not null
    group by
        promotions.promotion, promotions.start_date, promotions.end_date, promotions.earlier_start_date,
        promotions.earlier_end_date
)

select
    as_of_date,
    'period_before' as comparison,
    {{ days_before('as_of_date', var('fast_period_days')) }} as compared_date
from month_ends

union all

select
    as_of_date,
    'year_before' as comparison,
    cast(as_of_date - interval '1' year as date) as compared_date
from month_ends

union all

select
    as_of_date,
    'promotion_before ' || promotion as comparison,
    case
        when as_of_date = end_date then earlier_end_date
        else least(earlier_end_date, {{ days_after('earlier_start_date', days_between('start_date', 'as_of_date')) }})
    end as compared_date
from promotion_days
