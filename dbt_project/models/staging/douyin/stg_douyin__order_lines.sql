-- One row per Douyin sub-order (子订单), in its highest delivered version.
-- Trap: 商品单价/商品金额 is the unit price; the line's own payable amount is 订单应付金额, paid only where a pay time exists.
{{ config(unique_key='order_line_id') }}

with delivered as (
    {{ delivered('douyin', 'orders') }}
),

latest as (
    {{ latest_versions(['order_line_id']) }}
),

order_kinds as (
    select * from {{ ref('order_kinds') }}
),

stg_douyin__order_lines as (
    select
        'douyin' as platform,
        delivered.shop_id,
        delivered.order_id,
        delivered.order_line_id,
        delivered.account_id,
        delivered.product_id,
        delivered.product_name,
        cast(null as varchar) as sku_id,
        delivered.merchant_code,
        delivered.quantity,
        cast(delivered.unit_price_amount * delivered.quantity as decimal(18, 2)) as list_amount,
        delivered.payable_amount,
        case
            when delivered.order_status in ('待支付', '待确认', '待支付/待确认') then 'placed'
            when delivered.order_status in ('备货中', '待发货', '已支付') then 'paid'
            when delivered.order_status in ('部分发货', '已发货') then 'shipped'
            when delivered.order_status = '已完成' then 'completed'
            when delivered.order_status in ('已关闭', '已取消') then 'closed'
            else 'unknown'
        end as order_status,
        order_kinds.order_kind,
        delivered.created_at,
        delivered.paid_at,
        delivered.completed_at,
        delivered.influencer_id,
        delivered.influencer_name,
        delivered.traffic_source,
        delivered.traffic_type,
        delivered.traffic_format,
        delivered.traffic_channel,
        delivered.versioned_at,
        delivered.delivered_date,
        delivered.content_hash,
        delivered.line_number
    from delivered
    inner join latest
        on
            delivered.order_line_id = latest.order_line_id
            and delivered.content_hash = latest.content_hash
    left join order_kinds
        on
            order_kinds.platform = 'douyin'
            and delivered.order_type = order_kinds.source_type
)

select * from stg_douyin__order_lines
