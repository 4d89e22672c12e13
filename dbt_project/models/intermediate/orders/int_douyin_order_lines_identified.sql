-- One row per Douyin sub-order (子订单), with its buyer from the order export or, failing that, from a mapping file.
-- Trap: a mapping may arrive, change or be withdrawn long after its order: order_content_hash names it, so that both are seen.
{{ config(materialized='view') }}

with order_lines as (
    select * from {{ ref('stg_douyin__order_lines') }}
),

order_accounts as (
    select * from {{ ref('stg_douyin__order_accounts') }}
),

int_douyin_order_lines_identified as (
    select
        order_lines.order_line_key,
        order_lines.order_key,
        case
            when order_lines.account_id is not null then order_lines.account_key
            when order_accounts.account_id is not null
                then {{ surrogate_key(["'douyin'", 'order_lines.shop_id', 'order_accounts.account_id']) }}
        end as account_key,
        order_lines.influencer_key,
        order_lines.platform,
        order_lines.shop_id,
        order_lines.order_id,
        order_lines.order_line_id,
        coalesce(order_lines.account_id, order_accounts.account_id) as account_id,
        order_lines.product_id,
        order_lines.product_name,
        order_lines.sku_id,
        order_lines.merchant_code,
        order_lines.quantity,
        order_lines.list_amount,
        order_lines.payable_amount,
        order_lines.order_status,
        order_lines.order_kind,
        order_lines.created_at,
        order_lines.paid_at,
        order_lines.shipped_at,
        order_lines.completed_at,
        order_lines.influencer_id,
        order_lines.influencer_name,
        order_lines.traffic_source,
        order_lines.traffic_type,
        order_lines.traffic_format,
        order_lines.traffic_channel,
        order_lines.content_hash,
        case when order_lines.account_id is null then order_accounts.content_hash end as order_content_hash
    from order_lines
    left join order_accounts on order_lines.order_id = order_accounts.order_id
)

select * from int_douyin_order_lines_identified
