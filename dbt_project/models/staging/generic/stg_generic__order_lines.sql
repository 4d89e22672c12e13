-- One row per order line of any other shop (platform, shop, order_line_id), in its highest delivered version.
-- Trap: a line without a stated kind may still be a free one: int_order_lines_unioned decides.
{{ config(unique_key=['platform', 'shop_id', 'order_line_id']) }}

with latest as (
    {{ latest_delivered('generic', 'order_lines', key=['platform', 'shop_id', 'order_line_id']) }}
),

stg_generic__order_lines as (
    select
        {{ surrogate_key(["latest.platform", 'latest.shop_id', 'latest.order_line_id']) }} as order_line_key,
        {{ surrogate_key(["latest.platform", 'latest.shop_id', 'latest.order_id']) }} as order_key,
        case
            when latest.account_id is not null
                then {{ surrogate_key(["latest.platform", 'latest.shop_id', 'latest.account_id']) }}
        end as account_key,
        case
            when latest.influencer_id is not null then {{ surrogate_key(["latest.platform", 'latest.influencer_id']) }}
        end as influencer_key,
        latest.platform,
        latest.shop_id,
        latest.order_id,
        latest.order_line_id,
        latest.account_id,
        latest.product_id,
        latest.product_name,
        latest.sku_id,
        cast(null as varchar) as merchant_code,
        latest.quantity,
        latest.list_amount,
        latest.paid_amount as payable_amount,
        latest.order_status,
        latest.order_kind,
        latest.created_at,
        case
            when latest.order_status in ('paid', 'shipped', 'completed')
                then coalesce(latest.paid_at, latest.created_at)
            else latest.paid_at
        end as paid_at,
        latest.completed_at,
        latest.influencer_id,
        latest.influencer_name,
        latest.traffic_source,
        latest.traffic_type,
        latest.traffic_format,
        latest.traffic_channel,
        latest.versioned_at,
        latest.delivered_date,
        latest.content_hash,
        latest.line_number
    from latest
)

select * from stg_generic__order_lines
