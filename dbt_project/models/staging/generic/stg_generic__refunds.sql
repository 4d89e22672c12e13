-- One row per refund document (platform, shop, refund_id), in its highest delivered version.
-- Trap: the document may name no shop; the line is found by its id on the platform.
{{ config(unique_key=['platform', 'shop_id', 'refund_id']) }}

with latest as (
    {{ latest_delivered('generic', 'refunds', key=['platform', 'shop_id', 'refund_id']) }}
),

stg_generic__refunds as (
    select
        {{ surrogate_key(["latest.platform", 'latest.shop_id', 'latest.refund_id']) }} as refund_key,
        latest.platform,
        latest.shop_id,
        latest.refund_id,
        cast(null as varchar) as order_id,
        latest.order_line_id,
        cast(null as varchar) as product_code,
        latest.refund_amount,
        latest.refund_quantity,
        latest.refund_status,
        coalesce(latest.refund_type, 'refund_only') as refund_type,
        latest.applied_at,
        coalesce(latest.refunded_at, latest.updated_at, latest.applied_at) as refunded_at,
        case
            when latest.refund_status <> 'pending'
                then coalesce(latest.refunded_at, latest.updated_at, latest.applied_at)
        end as resolved_at,
        latest.versioned_at,
        latest.delivered_date,
        latest.content_hash,
        latest.line_number
    from latest
)

select * from stg_generic__refunds
