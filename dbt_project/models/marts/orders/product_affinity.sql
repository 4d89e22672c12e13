-- One row per ordered pair of products that enough customers bought both of, over all valid, not fully refunded lines.
-- Trap: pairs are counted in customers, not orders; pairs below the minimum of buyers are left out (var affinity_minimum_buyers).
with order_lines as (
    select * from {{ ref('order_lines') }}
),

bought as (
    select
        customer_key,
        product_id
    from order_lines
    where is_valid and not is_fully_refunded and customer_key is not null and product_id is not null
    group by customer_key, product_id
),

buyers as (
    select count(distinct customer_key) as buyer_count from bought
),

buyers_by_product as (
    select
        product_id,
        count(*) as buyer_count
    from bought
    group by product_id
),

pairs as (
    select
        bought.product_id,
        related.product_id as related_product_id,
        count(*) as buyer_count
    from bought
    inner join bought as related
        on
            bought.customer_key = related.customer_key
            and bought.product_id <> related.product_id
    group by bought.product_id, related.product_id
    having count(*) >= {{ var('affinity_minimum_buyers') }}
)

select
    pairs.product_id,
    pairs.related_product_id,
    cast(pairs.buyer_count as bigint) as buyer_count,
    cast(product.buyer_count as bigint) as product_buyer_count,
    cast(related.buyer_count as bigint) as related_product_buyer_count,
    cast(buyers.buyer_count as bigint) as total_buyer_count,
    cast(pairs.buyer_count as double) / buyers.buyer_count as support_ratio,
    cast(pairs.buyer_count as double) / product.buyer_count as confidence_ratio,
    cast(pairs.buyer_count as double) * buyers.buyer_count / (product.buyer_count * related.buyer_count) as lift
from pairs
inner join buyers_by_product as product on pairs.product_id = product.product_id
inner join buyers_by_product as related on pairs.related_product_id = related.product_id
cross join buyers
