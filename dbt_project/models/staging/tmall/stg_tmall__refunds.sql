-- One row per Tmall refund document (退款编号), in its highest delivered version.
-- Trap: the document names the order and the product code, never the line.
{{ config(unique_key='refund_id') }}

with latest as (
    {{ latest_delivered('tmall', 'refunds', key=['refund_id']) }}
),

stg_tmall__refunds as (
    select
        {{ surrogate_key(["'tmall'", 'refund_id']) }} as refund_key,
        'tmall' as platform,
        shop_id,
        refund_id,
        order_id,
        cast(null as varchar) as order_line_id,
        product_code,
        refund_amount,
        cast(null as bigint) as refund_quantity,
        case
            when refund_status like '%退款成功%' and refund_amount > 0 then 'succeeded'
            when refund_status like '%关闭%' then 'closed'
            else 'pending'
        end as refund_status,
        case when is_return_needed then 'return' else 'refund_only' end as refund_type,
        applied_at,
        finished_at as refunded_at,
        finished_at as resolved_at,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
)

select * from stg_tmall__refunds
