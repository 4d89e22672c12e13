-- One row per period and scope (brand, platform, shop) with sales or refunds: what was sold, what came back and who bought.
-- Trap: amounts and orders are sums of `kpi__sales_daily`; buyers are counted anew: they add up neither over time nor over shops.
-- Refunds are those of the shops and days of which some are told.
{{ config(materialized='ephemeral') }}

with period_days as (
    select * from {{ ref('period_days') }}
),

sales as (
    select * from {{ ref('kpi__sales_daily') }}
),

buyers as (
    select * from {{ ref('period_buyers') }}
),

-- A platform or shop that is null stands for all of them. Days that were built before there was a `told_paid_amount` lack it, and
-- count all the same where their refunds are known.
summed as (
    select
        period_days.period_key,
        coalesce(sales.platform, 'all') as platform,
        coalesce(sales.shop_id, 'all') as shop_id,
        cast(sum(sales.order_count) as bigint) as order_count,
        cast(sum(sales.line_count) as bigint) as line_count,
        cast(sum(sales.quantity) as bigint) as quantity,
        cast(sum(sales.paid_amount) as decimal(18, 2)) as paid_amount,
        cast(sum(sales.refunded_amount) as decimal(18, 2)) as refunded_amount,
        cast(sum(sales.net_amount) as decimal(18, 2)) as net_amount,
        cast(sum(sales.refunded_amount_refund_time) as decimal(18, 2)) as refunded_amount_refund_time,
        cast(sum(sales.net_amount_refund_time) as decimal(18, 2)) as net_amount_refund_time,
        cast(sum(sales.refunded_order_count) as bigint) as refunded_order_count,
        cast(sum(sales.customer_line_count) as bigint) as customer_line_count,
        cast(sum(sales.customer_paid_amount) as decimal(18, 2)) as customer_paid_amount,
        cast(sum(case when sales.refunded_amount is not null then sales.paid_amount end) as decimal(18, 2)) as told_paid_amount,
        cast(sum(case when sales.refunded_amount is not null then sales.order_count end) as bigint) as told_order_count
    from period_days
    inner join sales on period_days.business_date = sales.business_date
    group by grouping sets (
        (period_days.period_key),
        (period_days.period_key, sales.platform),
        (period_days.period_key, sales.platform, sales.shop_id)
    )
)

select
    summed.*,
    case when summed.line_count = 0 then 0 else buyers.buyer_count end as buyer_count,
    case when summed.line_count = 0 then 0 else buyers.new_buyer_count end as new_buyer_count
from summed
left join buyers
    on
        summed.period_key = buyers.period_key
        and summed.platform = buyers.platform
        and summed.shop_id = buyers.shop_id
