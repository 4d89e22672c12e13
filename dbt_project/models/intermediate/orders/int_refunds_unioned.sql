-- One row per refund document of every platform, as its export states it.
{{ config(materialized='view') }}

with douyin as (
    select * from {{ ref('stg_douyin__refunds') }}
),

tmall as (
    select * from {{ ref('stg_tmall__refunds') }}
),

generic as (
    select * from {{ ref('stg_generic__refunds') }}
),

int_refunds_unioned as (
    select
        refund_key,
        platform,
        shop_id,
        refund_id,
        order_id,
        order_line_id,
        product_code,
        refund_amount,
        refund_quantity,
        refund_status,
        refund_type,
        applied_at,
        refunded_at,
        resolved_at,
        content_hash,
        true as is_line_id_unique_on_platform
    from douyin

    union all

    select
        refund_key,
        platform,
        shop_id,
        refund_id,
        order_id,
        order_line_id,
        product_code,
        refund_amount,
        refund_quantity,
        refund_status,
        refund_type,
        applied_at,
        refunded_at,
        resolved_at,
        content_hash,
        true as is_line_id_unique_on_platform
    from tmall

    union all

    select
        refund_key,
        platform,
        shop_id,
        refund_id,
        order_id,
        order_line_id,
        product_code,
        refund_amount,
        refund_quantity,
        refund_status,
        refund_type,
        applied_at,
        refunded_at,
        resolved_at,
        content_hash,
        false as is_line_id_unique_on_platform
    from generic
)

select * from int_refunds_unioned
