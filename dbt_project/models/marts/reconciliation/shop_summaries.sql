-- One row per platform, shop and business day of which the platform's own summary was delivered: its figures.
-- Trap: they follow the platform's conventions, and refunds by pay day are as of `exported_date`: never mix them with ours.
with douyin as (
    select * from {{ ref('stg_douyin__shop_summaries') }}
),

tmall as (
    select * from {{ ref('stg_tmall__shop_summaries') }}
)

select
    platform,
    shop_id,
    business_date,
    delivered_date as exported_date,
    paid_amount,
    order_count,
    buyer_count,
    refunded_amount,
    refunded_amount_refund_time,
    member_paid_amount,
    day_member_paid_amount,
    cast(null as bigint) as member_buyer_count,
    cast(null as bigint) as member_count,
    cast(null as bigint) as joined_count,
    cast(null as bigint) as active_member_count,
    content_hash
from douyin

union all

select
    platform,
    shop_id,
    business_date,
    delivered_date as exported_date,
    paid_amount,
    cast(null as bigint) as order_count,
    new_buyer_count + returning_buyer_count as buyer_count,
    cast(null as decimal(18, 2)) as refunded_amount,
    refunded_amount_refund_time,
    member_paid_amount,
    cast(null as decimal(18, 2)) as day_member_paid_amount,
    member_buyer_count,
    member_count,
    joined_count,
    active_member_count,
    content_hash
from tmall
