-- One row per day, week, month or campaign, scope (brand, platform, shop) and join channel with joins or leaves.
-- Trap: `joined_count` counts memberships of shops, `first_joined_count` persons: their first membership of the brand, counted in
-- its shop and channel alone; both add up. Who is asked for a first order joined without one, and was watched all the days.
with period_days as (
    select * from {{ ref('period_days') }}
    where is_reported
),

recruitment_daily as (
    select * from {{ ref('recruitment_daily') }}
),

kpi__sales_periods as (
    select * from {{ ref('kpi__sales_periods') }}
),

kpi__member_periods as (
    select * from {{ ref('kpi__member_periods') }}
),

last_day as (
    {{ last_asked_day() }}
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
    inner join recruitment_daily as movements on period_days.business_date = movements.business_date
    where period_days.business_date <= (select last_day.as_of_date from last_day)
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
        coalesce(summed.platform, 'all') as scope_platform,
        coalesce(summed.shop_id, 'all') as scope_shop_id,
        sum(case when summed.join_channel is null then summed.first_joined_count end) over (
            partition by summed.period_type, summed.campaign_id, summed.period_start, summed.platform, summed.shop_id
        ) as all_first_joined_count,
        {{ days_between('summed.period_start', 'least(summed.period_end, last_day.as_of_date)') }} + 1 as elapsed_day_count
    from summed
    cross join last_day
),

-- Where orders are told and the table of sales has no row, nobody bought.
compared as (
    select
        totalled.*,
        case when sales.scope is not null then sales.new_buyer_count when totalled.without_order_count is not null then 0 end
            as new_buyer_count,
        case
            when members.scope is not null then members.non_member_buyer_count
            when sales.scope is null and totalled.without_order_count is not null then 0
        end as non_member_buyer_count
    from totalled
    left join kpi__sales_periods as sales
        on
            totalled.period_type = sales.period_type
            and totalled.campaign_id is not distinct from sales.campaign_id
            and totalled.period_start = sales.period_start
            and totalled.scope_platform = sales.platform
            and totalled.scope_shop_id = sales.shop_id
    left join kpi__member_periods as members
        on
            totalled.period_type = members.period_type
            and totalled.campaign_id is not distinct from members.campaign_id
            and totalled.period_start = members.period_start
            and totalled.scope_platform = members.platform
            and totalled.scope_shop_id = members.shop_id
)

select
    period_type,
    campaign_id,
    period_start,
    period_end,
    case when platform is null then 'brand' when shop_id is null then 'platform' else 'shop' end as scope,
    scope_platform as platform,
    scope_shop_id as shop_id,
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
    cast(new_buyer_count as bigint) as new_buyer_count,
    {{ ratio('first_joined_count', 'new_buyer_count') }} as first_joined_per_new_buyer,
    cast(non_member_buyer_count as bigint) as non_member_buyer_count,
    {{ ratio('first_joined_count', 'non_member_buyer_count') }} as first_joined_per_non_member_buyer,
    cast(null as double) as joined_visitor_ratio,
    {{ missing_feeds({
        'orders': 'without_order_count is null',
        'order buyers': 'new_buyer_count is null and without_order_count is not null',
        'members on all days with sales': 'non_member_buyer_count is null and new_buyer_count is not null',
        'shop visitors': 'true'
    }) }} as missing_feeds
from compared
