-- One row per paid day, influencer and traffic format, over all shops and channels.
-- Trap: refunds are on the pay-time basis; read the ratios of days with `is_mature` only, fresher ones look better than they are.
-- Where no feed of refunds of the platform tells, refunds are unknown unless some are known.
with sales as (
    select * from {{ ref('influencer_format_sales_daily') }}
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

told as (
    select
        sales.*,
        influencers.influencer_name,
        influencers.is_own_account,
        refund_feeds.feed is not null as has_refunds
    from sales
    inner join influencers on sales.influencer_key = influencers.influencer_key
    left join refund_feeds
        on
            influencers.platform = refund_feeds.platform
            and {{ holds_on('sales.paid_date', 'refund_feeds', 'begun_date', 'ended_date') }}
)

select
    told.paid_date,
    told.influencer_key,
    told.influencer_name,
    told.is_own_account,
    told.traffic_format,
    told.order_count,
    nullif(told.buyer_count, 0) as buyer_count,
    case when told.buyer_count > 0 then told.new_buyer_count end as new_buyer_count,
    told.paid_amount,
    {{ known_refunds('told.refunded_amount', 'told.has_refunds') }} as refunded_amount,
    told.net_amount,
    {{ known_refunds('told.refunded_order_count', 'told.has_refunds') }} as refunded_order_count,
    {{ ratio(known_refunds('told.refunded_amount', 'told.has_refunds'), 'told.paid_amount') }} as refunded_amount_ratio,
    {{ ratio(known_refunds('told.refunded_order_count', 'told.has_refunds'), 'told.order_count') }}
        as refunded_order_ratio,
    {{ ratio('told.new_buyer_count', 'told.buyer_count') }} as new_buyer_ratio,
    told.paid_date <= {{ days_before('last_day.as_of_date', var('refund_maturity_days')) }} as is_mature,
    {{ missing_feeds({'order buyers': 'told.buyer_count = 0', 'refunds': 'not told.has_refunds'}) }} as missing_feeds
from told
cross join last_day
