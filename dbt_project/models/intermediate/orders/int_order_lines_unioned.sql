-- One row per order line of every platform, before refunds and memberships.
-- Trap: a line that nobody paid for is a free one whatever it is called; only `normal` lines with a pay time are valid.
{{ config(materialized='view') }}

with douyin as (
    select * from {{ ref('stg_douyin__order_lines') }}
),

tmall as (
    select * from {{ ref('int_tmall_order_lines_assembled') }}
),

generic as (
    select * from {{ ref('stg_generic__order_lines') }}
),

unioned as (
    select
        order_line_key,
        order_key,
        account_key,
        influencer_key,
        platform,
        shop_id,
        order_id,
        order_line_id,
        account_id,
        product_id,
        product_name,
        sku_id,
        merchant_code,
        quantity,
        list_amount,
        payable_amount,
        false as is_amount_shared,
        order_status,
        order_kind,
        created_at,
        paid_at,
        completed_at,
        influencer_id,
        influencer_name,
        traffic_source,
        traffic_type,
        traffic_format,
        traffic_channel,
        content_hash,
        cast(null as varchar) as order_content_hash
    from douyin

    union all

    select
        order_line_key,
        order_key,
        account_key,
        cast(null as bigint) as influencer_key,
        'tmall' as platform,
        shop_id,
        order_id,
        order_line_id,
        account_id,
        product_id,
        product_name,
        cast(null as varchar) as sku_id,
        merchant_code,
        quantity,
        list_amount,
        payable_amount,
        is_amount_shared,
        order_status,
        cast(null as varchar) as order_kind,
        created_at,
        paid_at,
        completed_at,
        cast(null as varchar) as influencer_id,
        cast(null as varchar) as influencer_name,
        cast(null as varchar) as traffic_source,
        cast(null as varchar) as traffic_type,
        cast(null as varchar) as traffic_format,
        cast(null as varchar) as traffic_channel,
        content_hash,
        order_content_hash
    from tmall

    union all

    select
        order_line_key,
        order_key,
        account_key,
        influencer_key,
        platform,
        shop_id,
        order_id,
        order_line_id,
        account_id,
        product_id,
        product_name,
        sku_id,
        merchant_code,
        quantity,
        list_amount,
        payable_amount,
        false as is_amount_shared,
        order_status,
        order_kind,
        created_at,
        paid_at,
        completed_at,
        influencer_id,
        influencer_name,
        traffic_source,
        traffic_type,
        traffic_format,
        traffic_channel,
        content_hash,
        cast(null as varchar) as order_content_hash
    from generic
),

kinds_settled as (
    select
        *,
        case
            when coalesce(order_kind, 'normal') = 'normal' and payable_amount = 0 then 'zero_price'
            else coalesce(order_kind, 'normal')
        end as line_kind
    from unioned
),

int_order_lines_unioned as (
    select
        order_line_key,
        order_key,
        account_key as customer_key,
        influencer_key,
        platform,
        shop_id,
        order_id,
        order_line_id,
        account_id,
        product_id,
        product_name,
        sku_id,
        merchant_code,
        quantity,
        coalesce(list_amount, payable_amount) as list_amount,
        case when paid_at is null then cast(0 as decimal(18, 2)) else payable_amount end as paid_amount,
        is_amount_shared,
        order_status,
        line_kind as order_kind,
        line_kind = 'normal' and paid_at is not null as is_valid,
        created_at,
        paid_at,
        cast(paid_at as date) as paid_date,
        completed_at,
        influencer_id,
        influencer_name,
        traffic_source,
        traffic_type,
        traffic_format,
        traffic_channel,
        content_hash,
        order_content_hash
    from kinds_settled
)

select * from int_order_lines_unioned
