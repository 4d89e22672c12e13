-- One row per product (platform, product_id), in its highest delivered version.
{{ config(unique_key=['platform', 'product_id']) }}

with delivered as (
    {{ delivered('generic', 'products') }}
),

latest as (
    {{ latest_versions(['platform', 'product_id']) }}
),

stg_generic__products as (
    select
        delivered.platform,
        delivered.product_id,
        delivered.product_name,
        delivered.category,
        coalesce(delivered.product_role, 'regular') as product_role,
        delivered.full_size_product_id,
        delivered.launched_at,
        delivered.versioned_at,
        delivered.delivered_date,
        delivered.content_hash,
        delivered.line_number
    from delivered
    inner join latest
        on
            delivered.platform = latest.platform
            and delivered.product_id = latest.product_id
            and delivered.content_hash = latest.content_hash
)

select * from stg_generic__products
