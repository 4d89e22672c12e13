-- One row per paid day, platform, FACT field and kind of traffic (advertised or not): what was sold there.
-- Trap: every line is in one field, so fields sum to all sales; advertising and campaign days lie across the fields. Whose
-- accounts are own, and who is a top influencer, is what the brand's list says now. Where no feed of refunds of the platform
-- tells, refunds are unknown unless some are known.
with traffic_sales_daily as (
    select * from {{ ref('traffic_sales_daily') }}
),

influencers as (
    select * from {{ ref('influencers') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
),

refund_feeds as (
    select * from {{ ref('scoped_feeds') }}
    where feed = 'refunds' and shop_id = 'all'
),

paid_dates as (
    select paid_date from traffic_sales_daily
    group by paid_date
),

campaign_days as (
    select paid_dates.paid_date
    from paid_dates
    inner join campaigns on paid_dates.paid_date between campaigns.start_date and campaigns.end_date
    group by paid_dates.paid_date
),

placed as (
    select
        traffic_sales_daily.*,
        case
            when influencers.is_own_account then 'own_account'
            when influencers.follower_count >= {{ var('top_influencer_followers') }} then 'top_influencer'
            when traffic_sales_daily.influencer_key is not null then 'alliance'
            when
                traffic_sales_daily.traffic_format = '商品卡'
                or traffic_sales_daily.traffic_channel like '%搜索%'
                or traffic_sales_daily.traffic_channel like '%商城%'
                or traffic_sales_daily.traffic_source like '%商城%'
                then 'centre_field'
            else 'other'
        end as fact_field,
        coalesce(traffic_sales_daily.traffic_type = '广告', false) as is_advertised
    from traffic_sales_daily
    left join influencers on traffic_sales_daily.influencer_key = influencers.influencer_key
)

select
    placed.paid_date,
    placed.platform,
    placed.fact_field,
    placed.is_advertised,
    campaign_days.paid_date is not null as is_campaign_day,
    cast(sum(placed.line_count) as bigint) as line_count,
    cast(sum(placed.paid_amount) as decimal(18, 2)) as paid_amount,
    cast({{ known_refunds('sum(placed.refunded_amount)', 'refund_feeds.feed is not null') }} as decimal(18, 2))
        as refunded_amount,
    cast(sum(placed.paid_amount) - sum(placed.refunded_amount) as decimal(18, 2)) as net_amount,
    {{ missing_feeds({'refunds': 'refund_feeds.feed is null'}) }} as missing_feeds
from placed
left join campaign_days on placed.paid_date = campaign_days.paid_date
left join refund_feeds
    on
        placed.platform = refund_feeds.platform
        and {{ holds_on('placed.paid_date', 'refund_feeds', 'begun_date', 'ended_date') }}
group by
    placed.paid_date, placed.platform, placed.fact_field, placed.is_advertised, campaign_days.paid_date, refund_feeds.feed
