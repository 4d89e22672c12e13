-- One row per order line of any other shop (platform, shop, order_line_id), in its highest delivered version.
-- Trap: a line without a stated kind may still be a free one: int_order_lines_unioned decides.
{{ config(unique_key=['platform', 'shop_id', 'order_line_id']) }}

with delivered as (
    {{ delivered('generic', 'order_lines') }}
),

latest as (
    {{ latest_versions(['platform', 'shop_id', 'order_line_id']) }}
),

stg_generic__order_lines as (
    select
        delivered.platform,
        delivered.shop_id,
        delivered.order_id,
        delivered.order_line_id,
        delivered.account_id,
        delivered.product_id,
        delivered.product_name,
        delivered.sku_id,
        cast(null as varchar) as merchant_code,
        delivered.quantity,
        delivered.list_amount,
        delivered.paid_amount as payable_amount,
        delivered.order_status,
        delivered.order_kind,
        delivered.created_at,
        case
            when delivered.order_status in ('paid', 'shipped', 'completed')
                then coalesce(delivered.paid_at, delivered.created_at)
            else delivered.paid_at
        end as paid_at,
        delivered.completed_at,
        delivered.influencer_id,
        delivered.influencer_name,
        delivered.traffic_source,
        delivered.traffic_type,
        delivered.traffic_format,
        delivered.traffic_channel,
        delivered.versioned_at,
        delivered.delivered_date,
        delivered.content_hash,
        delivered.line_number
    from delivered
    inner join latest
        on
            delivered.platform = latest.platform
            and delivered.shop_id = latest.shop_id
            and delivered.order_line_id = latest.order_line_id
            and delivered.content_hash = latest.content_hash
)

select * from stg_generic__order_lines
