-- One row per Douyin after-sale document (售后单), in its highest delivered version.
-- Trap: 售后关闭 is a withdrawn request and 换货成功 an exchange: only 退款成功 with an amount moved money.
{{ config(unique_key='refund_id') }}

with delivered as (
    {{ delivered('douyin', 'aftersales') }}
),

latest as (
    {{ latest_versions(['refund_id']) }}
),

stg_douyin__refunds as (
    select
        'douyin' as platform,
        delivered.shop_id,
        delivered.refund_id,
        delivered.order_id,
        delivered.order_line_id,
        cast(null as varchar) as product_code,
        delivered.refund_amount,
        cast(null as bigint) as refund_quantity,
        case
            when delivered.aftersale_status like '%退款成功%' and delivered.refund_amount > 0 then 'succeeded'
            when delivered.aftersale_status like '%关闭%' then 'closed'
            when delivered.aftersale_status like '%成功%' then 'closed'
            else 'pending'
        end as refund_status,
        case
            when delivered.aftersale_type like '%换货%' then 'exchange'
            when delivered.aftersale_type like '%价保%' then 'price_protection'
            when delivered.aftersale_type like '%补寄%' then 'resend'
            when delivered.aftersale_type like '%退货%' then 'return'
            else 'refund_only'
        end as refund_type,
        delivered.applied_at,
        coalesce(delivered.refunded_at, delivered.finished_at) as refunded_at,
        coalesce(delivered.closed_at, delivered.refunded_at, delivered.finished_at) as resolved_at,
        delivered.versioned_at,
        delivered.delivered_date,
        delivered.content_hash,
        delivered.line_number
    from delivered
    inner join latest
        on
            delivered.refund_id = latest.refund_id
            and delivered.content_hash = latest.content_hash
)

select * from stg_douyin__refunds
