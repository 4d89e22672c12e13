-- One row per campaign, and below it per wave, cell, segment, influencer and guide, for each response window: who joined of it.
-- Trap: choose one `scope` and one `window_days` and do not add rows: a person counts once in each. Asked is who was delivered
-- to, had bought before the message and was no member then; no control group is taken off.
with delivery as (
    select * from {{ ref('kpi__campaign_delivery') }}
),

touches as (
    select * from {{ ref('audience_touches') }}
),

touch_joins as (
    select * from {{ ref('touch_joins') }}
),

windows as (
    select * from {{ ref('response_windows') }}
),

scoped_feeds as (
    select * from {{ ref('scoped_feeds') }}
    where feed in ('orders', 'members') and platform = 'all'
),

-- Who had bought and who was a member is known of a campaign that began while a feed told of it.
told as (
    select
        delivery.cell_key,
        coalesce(bool_or(scoped_feeds.feed = 'orders'), false) as has_orders,
        coalesce(bool_or(scoped_feeds.feed = 'members'), false) as has_members
    from delivery
    left join scoped_feeds on {{ holds_on('delivery.campaign_start_date', 'scoped_feeds', 'begun_date', 'ended_date') }}
    group by delivery.cell_key
),

asked as (
    select
        touches.cell_key,
        touches.person_key,
        min(touch_joins.window_days) as window_days
    from touches
    inner join touch_joins on touches.touch_id = touch_joins.touch_id and touches.person_key = touch_joins.person_key
    group by touches.cell_key, touches.person_key
),

counted as (
    select
        delivery.cell_key,
        windows.window_days,
        count(asked.person_key) as non_member_buyer_count,
        sum(case when asked.window_days <= windows.window_days then 1 else 0 end) as joined_buyer_count
    from delivery
    cross join windows
    left join asked on delivery.cell_key = asked.cell_key
    group by delivery.cell_key, windows.window_days
),

known as (
    select
        counted.cell_key,
        counted.window_days,
        told.has_orders,
        told.has_members,
        case when told.has_orders and told.has_members then counted.non_member_buyer_count end as non_member_buyer_count,
        case when told.has_orders and told.has_members then counted.joined_buyer_count end as joined_buyer_count
    from counted
    inner join told on counted.cell_key = told.cell_key
)

select
    delivery.scope,
    delivery.campaign_id,
    delivery.wave,
    delivery.arm,
    delivery.tier,
    delivery.channel,
    delivery.part,
    cast(known.window_days as bigint) as window_days,
    delivery.as_of_date,
    delivery.campaign_start_date,
    cast(delivery.last_sent_at as date) > {{ days_before('delivery.as_of_date', 'known.window_days') }} as is_open,
    delivery.delivered_count,
    cast(known.non_member_buyer_count as bigint) as non_member_buyer_count,
    cast(known.joined_buyer_count as bigint) as joined_buyer_count,
    {{ ratio('known.joined_buyer_count', 'known.non_member_buyer_count') }} as joined_buyer_ratio,
    {{ missing_feeds({'orders': 'not known.has_orders', 'members': 'not known.has_members'}) }} as missing_feeds
from known
inner join delivery on known.cell_key = delivery.cell_key
