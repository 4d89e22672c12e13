-- One row per Douyin sub-order (子订单), in its highest delivered version.
-- Trap: 商品单价/商品金额 is the unit price; the line's own payable amount is 订单应付金额, paid only where a pay time exists.
{{ config(unique_key='order_line_id') }}

with latest as (
    {{ latest_delivered('douyin', 'orders', key=['order_line_id']) }}
),

order_kinds as (
    select * from {{ ref('order_kinds') }}
),

stg_douyin__order_lines as (
    select
        {{ surrogate_key(["'douyin'", 'latest.order_line_id']) }} as order_line_key,
        {{ surrogate_key(["'douyin'", 'latest.order_id']) }} as order_key,
        case
            when latest.account_id is not null
                then {{ surrogate_key(["'douyin'", 'latest.shop_id', 'latest.account_id']) }}
        end as account_key,
        case
            when latest.influencer_id is not null then {{ surrogate_key(["'douyin'", 'latest.influencer_id']) }}
        end as influencer_key,
        'douyin' as platform,
        latest.shop_id,
        latest.order_id,
        latest.order_line_id,
        latest.account_id,
        latest.product_id,
        latest.product_name,
        cast(null as varchar) as sku_id,
        latest.merchant_code,
        latest.quantity,
        cast(latest.unit_price_amount * latest.quantity as decimal(18, 2)) as list_amount,
        latest.payable_amount,
        case
            when latest.order_status in ('待支付', '待确认', '待支付/待确认') then 'placed'
            when latest.order_status in ('备货中', '待发货', '已支付') then 'paid'
            when latest.order_status in ('部分发货', '已发货') then 'shipped'
            when latest.order_status = '已完成' then 'completed'
            when latest.order_status in ('已关闭', '已取消') then 'closed'
            else 'unknown'
        end as order_status,
        order_kinds.order_kind,
        latest.created_at,
        latest.paid_at,
        latest.shipped_at,
        latest.completed_at,
        latest.influencer_id,
        latest.influencer_name,
        latest.traffic_source,
        latest.traffic_type,
        latest.traffic_format,
        latest.traffic_channel,
        latest.versioned_at,
        latest.delivered_date,
        latest.content_hash,
        latest.line_number
    from latest
    left join order_kinds
        on
            order_kinds.platform = 'douyin'
            and latest.order_type = order_kinds.source_type
)

select * from stg_douyin__order_lines
