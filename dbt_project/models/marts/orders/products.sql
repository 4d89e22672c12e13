-- One row per product of the brand's own list.
-- Trap: `platform` is generic where the list does not say on which platform the id is used.
with products as (
    select * from {{ ref('stg_generic__products') }}
)

select
    platform,
    product_id,
    product_name,
    category,
    product_role,
    full_size_product_id,
    cast(launched_at as date) as launched_date
from products
