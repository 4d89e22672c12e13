-- One row per Douyin after-sale document (售后单), in its highest delivered version.
-- Trap: 售后关闭 is a withdrawn request and 换货成功 an exchange: only 退款成功 with an amount moved money.
{{ config(unique_key='refund_id') }}

with latest as (
    {{ latest_delivered('douyin', 'aftersales', key=['refund_id']) }}
),

stg_douyin__refunds as (
    select
        {{ surrogate_key(["'douyin'", 'latest.shop_id', 'latest.refund_id']) }} as refund_key,
        'douyin' as platform,
        latest.shop_id,
        latest.refund_id,
        latest.order_id,
        latest.order_line_id,
        cast(null as varchar) as product_code,
        latest.refund_amount,
        cast(null as bigint) as refund_quantity,
        case
            when latest.aftersale_status like '%退款成功%' and latest.refund_amount > 0 then 'succeeded'
            when latest.aftersale_status like '%关闭%' then 'closed'
            when latest.aftersale_status like '%成功%' then 'closed'
            else 'pending'
        end as refund_status,
        case
            when latest.aftersale_type like '%换货%' then 'exchange'
            when latest.aftersale_type like '%价保%' then 'price_protection'
            when latest.aftersale_type like '%补寄%' then 'resend'
            when latest.aftersale_type like '%退货%' then 'return'
            else 'refund_only'
        end as refund_type,
        latest.applied_at,
        coalesce(latest.refunded_at, latest.finished_at) as refunded_at,
        coalesce(latest.closed_at, latest.refunded_at, latest.finished_at) as resolved_at,
        latest.versioned_at,
        latest.delivered_date,
        latest.content_hash,
        latest.line_number
    from latest
)

select * from stg_douyin__refunds
