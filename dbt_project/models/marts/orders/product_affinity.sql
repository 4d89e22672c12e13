-- One row per ordered pair of products that enough customers bought both of, over all valid, not fully refunded lines.
-- Trap: pairs are counted in customers, not orders; rarer pairs are left out: both products and the pair need at least
-- affinity_minimum_buyers customers and affinity_minimum_support_ratio of all. Equal ids of two platforms are two products.
with frequent_products as (
    select * from {{ ref('frequent_products') }}
),

product_pairs as (
    select * from {{ ref('product_pairs') }}
),

pairs as (
    select
        product_number,
        other_number as related_number,
        buyer_count
    from product_pairs
    union all
    select
        other_number as product_number,
        product_number as related_number,
        buyer_count
    from product_pairs
)

select
    product.platform,
    product.product_id,
    related.platform as related_platform,
    related.product_id as related_product_id,
    cast(pairs.buyer_count as bigint) as buyer_count,
    product.buyer_count as product_buyer_count,
    related.buyer_count as related_product_buyer_count,
    product.total_buyer_count,
    cast(pairs.buyer_count as double) / product.total_buyer_count as support_ratio,
    cast(pairs.buyer_count as double) / product.buyer_count as confidence_ratio,
    cast(pairs.buyer_count as double) * product.total_buyer_count / (product.buyer_count * related.buyer_count) as lift
from pairs
inner join frequent_products as product on pairs.product_number = product.product_number
inner join frequent_products as related on pairs.related_number = related.product_number
where pairs.buyer_count >= product.minimum_count
