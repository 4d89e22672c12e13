-- One row per Douyin after-sale document (售后单), in its highest delivered version.
-- Trap: 售后关闭 is a withdrawn request and 换货成功 an exchange: only 退款成功 with an amount moved money.
{{ config(unique_key='refund_id') }}

with latest as (
    {{ latest_delivered('douyin', 'aftersales', key=['refund_id']) }}
),

stg_douyin__refunds as (
    select
        {{ surrogate_key(["'douyin'", 'refund_id']) }} as refund_key,
        'douyin' as platform,
        shop_id,
        refund_id,
        order_id,
        order_line_id,
        cast(null as varchar) as product_code,
        refund_amount,
        cast(null as bigint) as refund_quantity,
        case
            when aftersale_status like '%退款成功%' and refund_amount > 0 then 'succeeded'
            when aftersale_status like '%关闭%' then 'closed'
            when aftersale_status like '%成功%' then 'closed'
            else 'pending'
        end as refund_status,
        case
            when aftersale_type like '%换货%' then 'exchange'
            when aftersale_type like '%价保%' then 'price_protection'
            when aftersale_type like '%补寄%' then 'resend'
            when aftersale_type like '%退货%' then 'return'
            else 'refund_only'
        end as refund_type,
        applied_at,
        coalesce(refunded_at, finished_at) as refunded_at,
        coalesce(closed_at, refunded_at, finished_at) as resolved_at,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
)

select * from stg_douyin__refunds
