-- One row per day, week, month or campaign and scope (brand, platform, shop) with sales or refunds.
-- Trap: amounts and orders are sums of `kpi__sales_daily`, buyers are counted anew: they add up neither over time nor over shops.
-- Growth is null while a period lasts, where the period that it is compared with is empty, or began before the first day known of
-- the scope, and where either holds days of which nothing is told: `growth_unknown_reason`, `year_growth_unknown_reason`.
-- Refunds are those of the shops and days of which some are told, and so are their shares.
with sales_comparisons as (
    select * from {{ ref('sales_comparisons') }}
)

select
    period_type,
    campaign_id,
    period_start,
    period_end,
    is_complete,
    case when platform = 'all' then 'brand' when shop_id = 'all' then 'platform' else 'shop' end as scope,
    platform,
    shop_id,
    order_count,
    line_count,
    quantity,
    paid_amount,
    refunded_amount,
    net_amount,
    refunded_amount_refund_time,
    net_amount_refund_time,
    refunded_order_count,
    told_paid_amount,
    told_order_count,
    {{ ratio('refunded_amount', 'told_paid_amount') }} as refunded_amount_ratio,
    {{ ratio('refunded_order_count', 'told_order_count') }} as refunded_order_ratio,
    customer_line_count,
    {{ ratio('customer_line_count', 'line_count') }} as customer_line_ratio,
    customer_paid_amount,
    {{ ratio('customer_paid_amount', 'paid_amount') }} as customer_paid_amount_ratio,
    buyer_count,
    new_buyer_count,
    {{ ratio('new_buyer_count', 'buyer_count') }} as new_buyer_ratio,
    {{ yuan(ratio('paid_amount', 'order_count')) }} as amount_per_order,
    {{ yuan(ratio('customer_paid_amount', 'buyer_count')) }} as amount_per_buyer,
    {{ ratio('quantity', 'order_count') }} as items_per_order,
    previous_paid_amount,
    {{ growth_of('paid_amount', 'previous_paid_amount') }} as paid_amount_growth_ratio,
    previous_net_amount,
    {{ growth_of('net_amount', 'previous_net_amount') }} as net_amount_growth_ratio,
    previous_buyer_count,
    {{ growth_of('buyer_count', 'previous_buyer_count') }} as buyer_count_growth_ratio,
    last_year_paid_amount,
    {{ growth_of('paid_amount', 'last_year_paid_amount', 'year_growth_unknown_reason') }} as paid_amount_year_growth_ratio,
    last_year_net_amount,
    {{ growth_of('net_amount', 'last_year_net_amount', 'year_growth_unknown_reason') }} as net_amount_year_growth_ratio,
    last_year_buyer_count,
    {{ growth_of('buyer_count', 'last_year_buyer_count', 'year_growth_unknown_reason') }} as buyer_count_year_growth_ratio,
    growth_unknown_reason,
    year_growth_unknown_reason,
    {{ missing_feeds({'order buyers': 'buyer_count is null', 'refunds': 'refunded_amount_refund_time is null'}) }}
        as missing_feeds
from sales_comparisons
