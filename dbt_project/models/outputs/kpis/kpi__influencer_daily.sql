-- One row per paid day, influencer and traffic format, over all shops and channels.
-- Trap: refunds are on the pay-time basis; read the ratios of days with `is_mature` only, fresher ones look better than they are.
with sales as (
    select * from {{ ref('influencer_format_sales_daily') }}
),

influencers as (
    select * from {{ ref('influencers') }}
),

last_day as (
    {{ last_asked_day() }}
)

select
    sales.paid_date,
    sales.influencer_key,
    influencers.influencer_name,
    influencers.is_own_account,
    sales.traffic_format,
    sales.order_count,
    nullif(sales.buyer_count, 0) as buyer_count,
    case when sales.buyer_count > 0 then sales.new_buyer_count end as new_buyer_count,
    sales.paid_amount,
    sales.refunded_amount,
    sales.net_amount,
    sales.refunded_order_count,
    {{ ratio('sales.refunded_amount', 'sales.paid_amount') }} as refunded_amount_ratio,
    {{ ratio('sales.refunded_order_count', 'sales.order_count') }} as refunded_order_ratio,
    {{ ratio('sales.new_buyer_count', 'sales.buyer_count') }} as new_buyer_ratio,
    sales.paid_date <= {{ days_before('last_day.as_of_date', var('refund_maturity_days')) }} as is_mature,
    case when sales.buyer_count = 0 then 'order buyers' end as missing_feeds
from sales
inner join influencers on sales.influencer_key = influencers.influencer_key
cross join last_day
