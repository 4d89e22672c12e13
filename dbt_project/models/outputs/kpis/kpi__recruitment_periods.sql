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
        case when ranked.join_rank = 1 then 1 else 0 end as is_first,
        case
            when ranked.join_rank > 1 or customers.first_order_date < ranked.joined_date then 0
            else 1
        end as is_without_order,
        {{ days_between('ranked.joined_date', 'customers.first_order_date') }} as days_to_order,
        {{ days_between('ranked.joined_date', 'last_day.as_of_date') }} + 1 as days_observed
    from ranked
    left join customers on ranked.customer_key = customers.customer_key
    cross join last_day
),

joins_and_leaves as (
    select
        judged.*,
        judged.joined_date as business_date,
        1 as is_join
    from judged
    union all
    select
        judged.*,
        judged.left_date as business_date,
        0 as is_join
    from judged
    where judged.left_date is not null
),

{% set early, late = var('member_first_order_days'), var('member_first_order_late_days') -%}
movements as (
    select
        business_date,
        platform,
        shop_id,
        join_channel,
        sum(is_join) as joined_count,
        sum(1 - is_join) as left_count,
        sum(is_join * is_first) as first_joined_count,
        sum(is_join * is_without_order) as without_order_count,
        sum(case when days_observed >= {{ early }} then is_join * is_without_order else 0 end) as observed_count,
        sum(case when days_observed >= {{ early }} and days_to_order <= {{ early }} then is_join * is_without_order else 0 end)
            as ordered_count,
        sum(case when days_observed >= {{ late }} then is_join * is_without_order else 0 end) as late_observed_count,
        sum(case when days_observed >= {{ late }} and days_to_order <= {{ late }} then is_join * is_without_order else 0 end)
            as late_ordered_count
    from joins_and_leaves
    group by business_date, platform, shop_id, join_channel
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
        summed.*,
        sum(case when summed.join_channel is null then summed.first_joined_count end) over (
            partition by summed.period_type, summed.campaign_id, summed.period_start, summed.platform, summed.shop_id
        ) as all_first_joined_count,
        {{ days_between('summed.period_start', 'least(summed.period_end, last_day.as_of_date)') }} + 1 as elapsed_day_count
    from summed
    cross join last_day
)

select
    period_type,
    campaign_id,
    period_start,
    period_end,
    case when platform is null then 'brand' when shop_id is null then 'platform' else 'shop' end as scope,
    coalesce(platform, 'all') as platform,
    coalesce(shop_id, 'all') as shop_id,
    coalesce(join_channel, 'all') as join_channel,
    cast(joined_count as bigint) as joined_count,
    cast(left_count as bigint) as left_count,
    cast(first_joined_count as bigint) as first_joined_count,
    cast(all_first_joined_count as bigint) as all_first_joined_count,
    {{ ratio('first_joined_count', 'all_first_joined_count') }} as channel_ratio,
    cast(elapsed_day_count as bigint) as elapsed_day_count,
    {{ ratio('first_joined_count', 'elapsed_day_count') }} as first_joined_per_day,
    cast(without_order_count as bigint) as without_order_count,
    cast(observed_count as bigint) as observed_count,
    cast(ordered_count as bigint) as ordered_count,
    {{ ratio('ordered_count', 'observed_count') }} as ordered_ratio,
    cast(late_observed_count as bigint) as late_observed_count,
    cast(late_ordered_count as bigint) as late_ordered_count,
    {{ ratio('late_ordered_count', 'late_observed_count') }} as late_ordered_ratio,
    cast(null as double) as joined_visitor_ratio,
    'shop visitors' as missing_feeds
from totalled
