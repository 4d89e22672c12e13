-- One row per Tmall refund document (退款编号), in its highest delivered version.
-- Trap: the document names the order and the product code, never the line.
{{ config(unique_key='refund_id') }}

with delivered as (
    {{ delivered('tmall', 'refunds') }}
),

latest as (
    {{ latest_versions(['refund_id']) }}
),

stg_tmall__refunds as (
    select
        'tmall' as platform,
        delivered.shop_id,
        delivered.refund_id,
        delivered.order_id,
        cast(null as varchar) as order_line_id,
        delivered.product_code,
        delivered.refund_amount,
        cast(null as bigint) as refund_quantity,
        case
            when delivered.refund_status like '%退款成功%' and delivered.refund_amount > 0 then 'succeeded'
            when delivered.refund_status like '%关闭%' then 'closed'
            else 'pending'
        end as refund_status,
        case when delivered.is_return_needed then 'return' else 'refund_only' end as refund_type,
        delivered.applied_at,
        delivered.finished_at as refunded_at,
        delivered.finished_at as resolved_at,
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

select * from stg_tmall__refunds
