-- One row per refund document (platform, shop, refund_id), in its highest delivered version.
-- Trap: the document may name no shop; the line is found by its id on the platform.
{{ config(unique_key=['platform', 'shop_id', 'refund_id']) }}

with delivered as (
    {{ delivered('generic', 'refunds') }}
),

latest as (
    {{ latest_versions(['platform', 'shop_id', 'refund_id']) }}
),

stg_generic__refunds as (
    select
        delivered.platform,
        delivered.shop_id,
        delivered.refund_id,
        cast(null as varchar) as order_id,
        delivered.order_line_id,
        cast(null as varchar) as product_code,
        delivered.refund_amount,
        delivered.refund_quantity,
        delivered.refund_status,
        coalesce(delivered.refund_type, 'refund_only') as refund_type,
        delivered.applied_at,
        coalesce(delivered.refunded_at, delivered.updated_at, delivered.applied_at) as refunded_at,
        case
            when delivered.refund_status <> 'pending'
                then coalesce(delivered.refunded_at, delivered.updated_at, delivered.applied_at)
        end as resolved_at,
        delivered.versioned_at,
        delivered.delivered_date,
        delivered.content_hash,
        delivered.line_number
    from delivered
    inner join latest
        on
            delivered.platform = latest.platform
            and delivered.shop_id = latest.shop_id
            and delivered.refund_id = latest.refund_id
            and delivered.content_hash = latest.content_hash
)

select * from stg_generic__refunds
