-- One row per row of `kpi__campaign_delivery` and response window, and which feeds tell of the campaign's days.
-- Trap: a feed that tells of any of the days has told of the campaign; where it tells of none, what it would tell is unknown, not
-- zero. Costs are told up to the last day for which any were booked.
{{ config(materialized='ephemeral') }}

with delivery as (
    select * from {{ ref('kpi__campaign_delivery') }}
),

costs_daily as (
    select * from {{ ref('costs_daily') }}
    where is_told and not is_of_sales
),

campaigns as (
    select * from {{ ref('campaigns') }}
),

windows as (
    select * from {{ ref('response_windows') }}
),

feeds as (
    select * from {{ ref('feeds') }}
    where feed = 'coupon_use'
),

scoped_feeds as (
    select * from {{ ref('scoped_feeds') }}
    where feed in ('orders', 'refunds') and platform = 'all'
),

told_costs as (
    select
        'costs' as feed,
        cost_date as told_date
    from costs_daily
),

told as (
    select
        feed,
        begun_date,
        ended_date
    from scoped_feeds
    union all
    select
        feed,
        begun_date,
        ended_date
    from feeds
    union all
    select
        cost_feeds.feed,
        cost_feeds.begun_date,
        {{ days_after('cost_feeds.last_date', 1) }} as ended_date
    from ({{ feed_stretches('told_costs', ['feed']) }}) as cost_feeds
),

told_cells as (
    select
        delivery.cell_key,
        coalesce(bool_or(told.feed = 'orders'), false) as has_orders,
        coalesce(bool_or(told.feed = 'refunds'), false) as has_refunds,
        coalesce(bool_or(told.feed = 'coupon_use'), false) as has_coupons,
        coalesce(bool_or(told.feed = 'costs'), false) as has_costs
    from delivery
    left join campaigns on delivery.campaign_id = campaigns.campaign_id
    left join told
        on
            least(delivery.as_of_date, campaigns.end_date) >= told.begun_date
            and delivery.campaign_start_date < coalesce(told.ended_date, cast('9999-12-31' as date))
    group by delivery.cell_key
)

select
    told_cells.cell_key,
    windows.window_days,
    told_cells.has_orders,
    told_cells.has_refunds,
    told_cells.has_coupons,
    told_cells.has_costs
from told_cells
cross join windows
