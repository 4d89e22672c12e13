-- One row per scope that figures are told for: the brand, each platform and each shop with valid orders, and its small number.
-- Trap: numbers stand for the names while one build groups by them, and are others in the next: no table keeps them.
with shops as (
    select
        platform,
        shop_id
    from {{ ref('order_lines') }}
    where is_valid
    group by platform, shop_id
),

numbered as (
    select
        platform,
        shop_id,
        cast(dense_rank() over (order by platform) as integer) as platform_number,
        cast(row_number() over (order by platform, shop_id) as integer) as shop_number
    from shops
)

select
    0 as scope_number,
    'all' as platform,
    'all' as shop_id,
    cast(null as integer) as platform_scope_number

union all

select
    -platform_number as scope_number,
    platform,
    'all' as shop_id,
    -platform_number as platform_scope_number
from numbered
group by platform, platform_number

union all

select
    shop_number as scope_number,
    platform,
    shop_id,
    -platform_number as platform_scope_number
from numbered
