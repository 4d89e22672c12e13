-- One row per Tmall refund document (退款编号), in its highest delivered version.
-- Trap: the document names the order and the product code, never the line.
{{ config(unique_key='refund_id') }}

with latest as (
    {{ latest_delivered('tmall', 'refunds', key=['refund_id']) }}
),

stg_tmall__refunds as (
    select
        {{ surrogate_key(["'tmall'", 'latest.shop_id', 'latest.refund_id']) }} as refund_key,
        'tmall' as platform,
        latest.shop_id,
        latest.refund_id,
        latest.order_id,
        cast(null as varchar) as order_line_id,
        latest.product_code,
        latest.refund_amount,
        cast(null as bigint) as refund_quantity,
        case
            when latest.refund_status like '%退款成功%' and latest.refund_amount > 0 then 'succeeded'
            when latest.refund_status like '%关闭%' then 'closed'
            else 'pending'
        end as refund_status,
        case when latest.is_return_needed then 'return' else 'refund_only' end as refund_type,
        latest.applied_at,
        latest.finished_at as refunded_at,
        latest.finished_at as resolved_at,
        latest.versioned_at,
        latest.delivered_date,
        latest.content_hash,
        latest.line_number
    from latest
)

select * from stg_tmall__refunds
