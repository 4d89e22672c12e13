-- One row per day, week, month or campaign, scope (brand, platform, shop) and join channel with joins or leaves.
-- Trap: `joined_count` counts memberships of shops, `first_joined_count` persons: their first membership of the brand, counted in
-- its shop and channel alone; both add up. Who is asked for a first order joined without one, and had all the days to place it.
with period_days as (
    select * from {{ ref('period_days') }}
),

members as (
    select * from {{ ref('members') }}
),

customers as (
    select * from {{ ref('customers') }}
),

last_day as (
    select max(as_of_date) as as_of_date from {{ ref('int_days_fingerprinted') }}
),

ranked as (
    select
        membership_key,
        customer_key,
        platform,
        shop_id,
        coalesce(join_channel, 'unknown') as join_channel,
        joined_date,
        left_date,
        row_number() over (partition by customer_key order by joined_at, membership_key) as join_rank
    from members
),

-- Who bought before the day of joining is an old customer who joins.
judged as (
    select
        ranked.*,
        ranked.join_rank = 1 as is_first,
        ranked.join_rank = 1
        and (customers.first_order_date is null or customers.first_order_date >= ranked.joined_date) as is_without_order,
        {{ days_between('ranked.joined_date', 'customers.first_order_date') }} as days_to_order,
        {{ days_between('ranked.joined_date', 'last_day.as_of_date') }} + 1 as days_observed
    from ranked
    left join customers on ranked.customer_key = customers.customer_key
    cross join last_day
),

{% set early, late = var('member_first_order_days'), var('member_first_order_late_days') -%}
movements as (
    select
        joined_date as business_date,
        platform,
        shop_id,
        join_channel,
        count(*) as joined_count,
        0 as left_count,
        sum(case when is_first then 1 else 0 end) as first_joined_count,
        sum(case when is_without_order then 1 else 0 end) as without_order_count,
        sum(case when is_without_order and days_observed >= {{ early }} then 1 else 0 end) as observed_count,
        sum(case when is_without_order and days_observed >= {{ early }} and days_to_order <= {{ early }} then 1 else 0 end)
            as ordered_count,
        sum(case when is_without_order and days_observed >= {{ late }} then 1 else 0 end) as late_observed_count,
        sum(case when is_without_order and days_observed >= {{ late }} and days_to_order <= {{ late }} then 1 else 0 end)
            as late_ordered_count
    from judged
    group by joined_date, platform, shop_id, join_channel
    union all
    select
        left_date as business_date,
        platform,
        shop_id,
        join_channel,
        0 as joined_count,
        count(*) as left_count,
        0 as first_joined_count,
        0 as without_order_count,
        0 as observed_count,
        0 as ordered_count,
        0 as late_observed_count,
        0 as late_ordered_count
    from judged
    where left_date is not null
    group by left_date, platform, shop_id, join_channel
),

-- A platform, shop or channel that is null stands for all of them.
summed as (
    select
        period_days.period_type,
        period_days.campaign_id,
        period_days.period_start,
        period_days.period_end,
        movements.platform,
        movements.shop_id,
        movements.join_channel,
        sum(movements.joined_count) as joined_count,
        sum(movements.left_count) as left_count,
        sum(movements.first_joined_count) as first_joined_count,
        sum(movements.without_order_count) as without_order_count,
        sum(movements.observed_count) as observed_count,
        sum(movements.ordered_count) as ordered_count,
        sum(movements.late_observed_count) as late_observed_count,
        sum(movements.late_ordered_count) as late_ordered_count
    from period_days
    inner join movements on period_days.business_date = movements.business_date
    where period_days.is_reported and period_days.business_date <= (select last_day.as_of_date from last_day)
    group by
        period_days.period_type, period_days.campaign_id, period_days.period_start, period_days.period_end,
        grouping sets (
            (), (movements.join_channel), (movements.platform), (movements.platform, movements.join_channel),
            (movements.platform, movements.shop_id), (movements.platform, movements.shop_id, movements.join_channel)
        )
),

totalled as (
    select
        *,
        sum(case when join_channel is null then first_joined_count end) over (
            partition by period_type, campaign_id, period_start, platform, shop_id
        ) as all_first_joined_count
    from summed
)

select
    totalled.period_type,
    totalled.campaign_id,
    totalled.period_start,
    totalled.period_end,
    case when totalled.platform is null then 'brand' when totalled.shop_id is null then 'platform' else 'shop' end as scope,
    coalesce(totalled.platform, 'all') as platform,
    coalesce(totalled.shop_id, 'all') as shop_id,
    coalesce(totalled.join_channel, 'all') as join_channel,
    cast(totalled.joined_count as bigint) as joined_count,
    cast(totalled.left_count as bigint) as left_count,
    cast(totalled.first_joined_count as bigint) as first_joined_count,
    cast(totalled.all_first_joined_count as bigint) as all_first_joined_count,
    {{ ratio('totalled.first_joined_count', 'totalled.all_first_joined_count') }} as channel_ratio,
    cast(
        {{ days_between('totalled.period_start', 'least(totalled.period_end, last_day.as_of_date)') }} + 1 as bigint
    ) as elapsed_day_count,
    {{ ratio(
        'totalled.first_joined_count',
        '(' ~ days_between('totalled.period_start', 'least(totalled.period_end, last_day.as_of_date)') ~ ' + 1)'
    ) }} as first_joined_per_day,
    cast(totalled.without_order_count as bigint) as without_order_count,
    cast(totalled.observed_count as bigint) as observed_count,
    cast(totalled.ordered_count as bigint) as ordered_count,
    {{ ratio('totalled.ordered_count', 'totalled.observed_count') }} as ordered_ratio,
    cast(totalled.late_observed_count as bigint) as late_observed_count,
    cast(totalled.late_ordered_count as bigint) as late_ordered_count,
    {{ ratio('totalled.late_ordered_count', 'totalled.late_observed_count') }} as late_ordered_ratio,
    cast(null as double) as joined_visitor_ratio,
    'shop visitors' as missing_feeds
from totalled
cross join last_day
