-- One row per day, week, month or campaign, influencer, traffic format and traffic channel, over all shops.
-- Trap: refunds are on the pay-time basis and ripen: compare the `mature_` columns, which leave out the pay days whose refunds
-- have not had their time. Orders and new buyers add up; different buyers do not, and are told by `kpi__influencer_daily`.
-- Refunds, and shares of them, are of the days of which some are told.
with period_days as (
    select * from {{ ref('period_days') }}
    where is_reported
),

sales as (
    select * from {{ ref('influencer_sales_daily') }}
),

influencers as (
    select * from {{ ref('influencers') }}
),

refund_feeds as (
    select * from {{ ref('scoped_feeds') }}
    where feed = 'refunds' and shop_id = 'all'
),

last_day as (
    {{ last_asked_day() }}
),

told_apart as (
    select
        sales.*,
        case when sales.paid_date <= {{ days_before('last_day.as_of_date', var('refund_maturity_days')) }} then 1 else 0 end
            as is_mature,
        {{ known_refunds('sales.refunded_amount', 'refund_feeds.feed is not null') }} as known_refunded_amount,
        {{ known_refunds('sales.refunded_order_count', 'refund_feeds.feed is not null') }} as known_refunded_order_count
    from sales
    cross join last_day
    left join refund_feeds
        on
            sales.platform = refund_feeds.platform
            and {{ holds_on('sales.paid_date', 'refund_feeds', 'begun_date', 'ended_date') }}
),

summed as (
    select
        period_days.period_type,
        period_days.campaign_id,
        period_days.period_start,
        period_days.period_end,
        told_apart.influencer_key,
        told_apart.traffic_format,
        told_apart.traffic_channel,
        cast(sum(told_apart.order_count) as bigint) as order_count,
        cast(sum(case when told_apart.buyer_count > 0 then told_apart.new_buyer_count end) as bigint) as new_buyer_count,
        cast(sum(told_apart.quantity) as bigint) as quantity,
        cast(sum(told_apart.paid_amount) as decimal(18, 2)) as paid_amount,
        cast(sum(told_apart.known_refunded_amount) as decimal(18, 2)) as refunded_amount,
        cast(sum(told_apart.net_amount) as decimal(18, 2)) as net_amount,
        cast(sum(told_apart.known_refunded_order_count) as bigint) as refunded_order_count,
        cast(sum(told_apart.order_count * told_apart.is_mature) as bigint) as mature_order_count,
        cast(sum(told_apart.known_refunded_order_count * told_apart.is_mature) as bigint) as mature_refunded_order_count,
        cast(sum(told_apart.paid_amount * told_apart.is_mature) as decimal(18, 2)) as mature_paid_amount,
        cast(sum(told_apart.known_refunded_amount * told_apart.is_mature) as decimal(18, 2)) as mature_refunded_amount,
        cast(
            sum(case when told_apart.known_refunded_amount is not null then told_apart.order_count * told_apart.is_mature end)
            as bigint
        ) as mature_told_order_count,
        cast(
            sum(case when told_apart.known_refunded_amount is not null then told_apart.paid_amount * told_apart.is_mature end)
            as decimal(18, 2)
        ) as mature_told_paid_amount
    from period_days
    inner join told_apart on period_days.business_date = told_apart.paid_date
    group by
        period_days.period_type,
        period_days.campaign_id,
        period_days.period_start,
        period_days.period_end,
        told_apart.influencer_key,
        told_apart.traffic_format,
        told_apart.traffic_channel
)

select
    summed.period_type,
    summed.campaign_id,
    summed.period_start,
    summed.period_end,
    summed.influencer_key,
    influencers.influencer_name,
    influencers.is_own_account,
    summed.traffic_format,
    summed.traffic_channel,
    summed.order_count,
    summed.new_buyer_count,
    summed.quantity,
    summed.paid_amount,
    summed.refunded_amount,
    summed.net_amount,
    summed.refunded_order_count,
    summed.mature_order_count,
    summed.mature_told_order_count,
    summed.mature_refunded_order_count,
    {{ ratio('summed.mature_refunded_order_count', 'summed.mature_told_order_count') }} as mature_refunded_order_ratio,
    summed.mature_paid_amount,
    summed.mature_told_paid_amount,
    summed.mature_refunded_amount,
    {{ ratio('summed.mature_refunded_amount', 'summed.mature_told_paid_amount') }} as mature_refunded_amount_ratio,
    {{ missing_feeds({'order buyers': 'summed.new_buyer_count is null', 'refunds': 'summed.refunded_amount is null'}) }}
        as missing_feeds
from summed
inner join influencers on summed.influencer_key = influencers.influencer_key
