-- One row per product (platform, product_id), in its highest delivered version.
{{ config(unique_key=['platform', 'product_id']) }}

with latest as (
    {{ latest_delivered('generic', 'products', key=['platform', 'product_id']) }}
),

stg_generic__products as (
    select
        latest.platform,
        latest.product_id,
        latest.product_name,
        latest.category,
        coalesce(latest.product_role, 'regular') as product_role,
        latest.full_size_product_id,
        latest.launched_at,
        latest.versioned_at,
        latest.delivered_date,
        latest.content_hash,
        latest.line_number
    from latest
)

select * from stg_generic__products
