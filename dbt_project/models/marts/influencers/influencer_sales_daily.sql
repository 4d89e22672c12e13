-- One row per paid day, influencer, shop, traffic format and traffic channel, over valid lines sold by an influencer.
-- Trap: refunds are on the pay-time basis: they are dated by the order's pay day, so fresh days look good until they mature.
{{ table_by_day(days='sales_days', day='business_date', column='paid_date') }}

with due_days as (
    {{ due_days(days='sales_days', day='business_date') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
)

select
    paid_date,
    platform,
    shop_id,
    influencer_key,
    traffic_format,
    traffic_channel,
    cast(count(distinct order_key) as bigint) as order_count,
    cast(count(distinct customer_key) as bigint) as buyer_count,
    cast(count(distinct case when is_first_order then customer_key end) as bigint) as new_buyer_count,
    cast(sum(quantity) as bigint) as quantity,
    cast(sum(paid_amount) as decimal(18, 2)) as paid_amount,
    cast(sum(refunded_amount) as decimal(18, 2)) as refunded_amount,
    cast(sum(net_amount) as decimal(18, 2)) as net_amount,
    cast(count(distinct case when refunded_amount > 0 then order_key end) as bigint) as refunded_order_count
from order_lines
where
    is_valid
    and influencer_key is not null
    and paid_date in (select due_days.business_date from due_days)
group by paid_date, platform, shop_id, influencer_key, traffic_format, traffic_channel
