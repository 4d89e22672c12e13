-- One row per order line of any other shop (platform, shop, order_line_id), in its highest delivered version.
-- Trap: a line without a stated kind may still be a free one: int_order_lines_unioned decides.
{{ config(unique_key=['platform', 'shop_id', 'order_line_id']) }}

with latest as (
    {{ latest_delivered('generic', 'order_lines', key=['platform', 'shop_id', 'order_line_id']) }}
),

stg_generic__order_lines as (
    select
        {{ surrogate_key(['platform', 'shop_id', 'order_line_id']) }} as order_line_key,
        {{ surrogate_key(['platform', 'shop_id', 'order_id']) }} as order_key,
        case
            when account_id is not null
                then {{ surrogate_key(['platform', 'shop_id', 'account_id']) }}
        end as account_key,
        case
            when influencer_id is not null then {{ surrogate_key(['platform', 'influencer_id']) }}
        end as influencer_key,
        platform,
        shop_id,
        order_id,
        order_line_id,
        account_id,
        product_id,
        product_name,
        sku_id,
        cast(null as varchar) as merchant_code,
        quantity,
        list_amount,
        paid_amount as payable_amount,
        order_status,
        order_kind,
        created_at,
        case
            when order_status in ('paid', 'shipped', 'completed')
                then coalesce(paid_at, created_at)
            else paid_at
        end as paid_at,
        shipped_at,
        completed_at,
        influencer_id,
        influencer_name,
        traffic_source,
        traffic_type,
        traffic_format,
        traffic_channel,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
)

select * from stg_generic__order_lines
