-- One row per refund document (platform, shop, refund_id), in its highest delivered version.
-- Trap: the document may name no shop; the line is found by its id on the platform. Of the times none is required: a request
-- without one was made when it was updated, else delivered.
{{ config(unique_key=['platform', 'shop_id', 'refund_id']) }}

with latest as (
    {{ latest_delivered('generic', 'refunds', key=['platform', 'shop_id', 'refund_id']) }}
),

stg_generic__refunds as (
    select
        {{ surrogate_key(['platform', 'shop_id', 'refund_id']) }} as refund_key,
        platform,
        shop_id,
        refund_id,
        cast(null as varchar) as order_id,
        order_line_id,
        cast(null as varchar) as product_code,
        refund_amount,
        refund_quantity,
        refund_status,
        coalesce(refund_type, 'refund_only') as refund_type,
        coalesce(applied_at, updated_at, cast(delivered_date as timestamp)) as applied_at,
        coalesce(refunded_at, updated_at, applied_at) as refunded_at,
        case
            when refund_status <> 'pending'
                then coalesce(refunded_at, updated_at, applied_at, cast(delivered_date as timestamp))
        end as resolved_at,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
)

select * from stg_generic__refunds
