-- One row per commissioned sub-order (精选联盟), in its highest delivered version.
-- Trap: 订单id is the sub-order id, and self-sold orders never appear here: join from order lines, never to them.
{{ config(unique_key='order_line_id') }}

with latest as (
    {{ latest_delivered('douyin', 'alliance', key=['order_line_id']) }}
),

stg_douyin__alliance_orders as (
    select
        'douyin' as platform,
        latest.shop_id,
        latest.order_line_id,
        latest.product_id,
        latest.author_account,
        latest.author_number,
        latest.paid_amount,
        latest.commission_rate as commission_ratio,
        latest.estimated_commission_amount,
        latest.actual_commission_amount,
        latest.order_status as alliance_status,
        latest.paid_at,
        latest.settled_at,
        latest.versioned_at,
        latest.delivered_date,
        latest.content_hash,
        latest.line_number
    from latest
)

select * from stg_douyin__alliance_orders
