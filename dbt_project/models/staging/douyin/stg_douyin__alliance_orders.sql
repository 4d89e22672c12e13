-- One row per commissioned sub-order (精选联盟), in its highest delivered version.
-- Trap: 订单id is the sub-order id, and self-sold orders never appear here: join from order lines, never to them.
{{ config(unique_key='order_line_id') }}

with delivered as (
    {{ delivered('douyin', 'alliance') }}
),

latest as (
    {{ latest_versions(['order_line_id']) }}
),

stg_douyin__alliance_orders as (
    select
        'douyin' as platform,
        delivered.shop_id,
        delivered.order_line_id,
        delivered.product_id,
        delivered.author_account,
        delivered.author_number,
        delivered.paid_amount,
        delivered.commission_rate as commission_ratio,
        delivered.estimated_commission_amount,
        delivered.actual_commission_amount,
        delivered.order_status as alliance_status,
        delivered.paid_at,
        delivered.settled_at,
        delivered.versioned_at,
        delivered.delivered_date,
        delivered.content_hash,
        delivered.line_number
    from delivered
    inner join latest
        on
            delivered.order_line_id = latest.order_line_id
            and delivered.content_hash = latest.content_hash
)

select * from stg_douyin__alliance_orders
