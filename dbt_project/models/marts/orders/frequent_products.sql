-- One row per product that enough customers bought to make pairs with others, over all valid, not fully refunded lines.
-- Trap: a pair is no more frequent than the rarer of its products, so rare products leave before pairs are counted. Numbers stand
-- for the names while one build counts, and are others in the next.
with bought as (
    select * from {{ ref('customer_products') }}
),

buyers as (
    select
        count(distinct customer_key) as buyer_count,
        greatest(
            {{ var('affinity_minimum_buyers') }},
            {{ var('affinity_minimum_support_ratio') }} * count(distinct customer_key)
        ) as minimum_count
    from bought
),

counted as (
    select
        platform,
        product_id,
        count(*) as buyer_count
    from bought
    group by platform, product_id
)

select
    cast(
        row_number() over (order by counted.buyer_count desc, counted.platform asc, counted.product_id asc) as integer
    ) as product_number,
    counted.platform,
    counted.product_id,
    cast(counted.buyer_count as bigint) as buyer_count,
    cast(buyers.buyer_count as bigint) as total_buyer_count,
    cast(buyers.minimum_count as double) as minimum_count
from counted
cross join buyers
where counted.buyer_count >= buyers.minimum_count
