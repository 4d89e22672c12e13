-- One row per ordered pair of products that enough customers bought both of, over all valid, not fully refunded lines.
-- Trap: pairs are counted in customers, not orders; rarer pairs are left out: both products and the pair need at least
-- affinity_minimum_buyers customers and affinity_minimum_support_ratio of all. Equal ids of two platforms are two products.
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

-- A pair is no more frequent than the rarer of its products, so rare products leave before the pairs are made; small
-- numbers stand for the names meanwhile.
frequent_products as (
    select
        counted.platform,
        counted.product_id,
        counted.buyer_count,
        cast(
            row_number() over (order by counted.buyer_count desc, counted.platform asc, counted.product_id asc) as integer
        ) as product_number
    from (
        select
            platform,
            product_id,
            count(*) as buyer_count
        from bought
        group by platform, product_id
    ) as counted
    cross join buyers
    where counted.buyer_count >= buyers.minimum_count
),

baskets as (
    select
        bought.customer_key,
        frequent_products.product_number
    from bought
    inner join frequent_products
        on bought.platform = frequent_products.platform and bought.product_id = frequent_products.product_id
),

unordered_pairs as (
    select
        baskets.product_number,
        others.product_number as other_number,
        count(*) as buyer_count
    from baskets
    inner join baskets as others
        on
            baskets.customer_key = others.customer_key
            and baskets.product_number < others.product_number
    group by baskets.product_number, others.product_number
),

pairs as (
    select
        unordered_pairs.product_number,
        unordered_pairs.other_number as related_number,
        unordered_pairs.buyer_count
    from unordered_pairs
    cross join buyers
    where unordered_pairs.buyer_count >= buyers.minimum_count

    union all

    select
        unordered_pairs.other_number as product_number,
        unordered_pairs.product_number as related_number,
        unordered_pairs.buyer_count
    from unordered_pairs
    cross join buyers
    where unordered_pairs.buyer_count >= buyers.minimum_count
)

select
    product.platform,
    product.product_id,
    related.platform as related_platform,
    related.product_id as related_product_id,
    cast(pairs.buyer_count as bigint) as buyer_count,
    cast(product.buyer_count as bigint) as product_buyer_count,
    cast(related.buyer_count as bigint) as related_product_buyer_count,
    cast(buyers.buyer_count as bigint) as total_buyer_count,
    cast(pairs.buyer_count as double) / buyers.buyer_count as support_ratio,
    cast(pairs.buyer_count as double) / product.buyer_count as confidence_ratio,
    cast(pairs.buyer_count as double) * buyers.buyer_count / (product.buyer_count * related.buyer_count) as lift
from pairs
inner join frequent_products as product on pairs.product_number = product.product_number
inner join frequent_products as related on pairs.related_number = related.product_number
cross join buyers
