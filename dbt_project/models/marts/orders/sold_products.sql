-- One row per platform and product with a valid line: what the brand's list says of it.
-- Trap: a row of the product's own platform says more than one of any platform; all that is said is null where the list has
-- neither. The number of the category stands for its name while one build groups by it, and is another in the next.
with sold as (
    select
        platform,
        product_id
    from {{ ref('order_lines') }}
    where is_valid and product_id is not null
    group by platform, product_id
),

products as (
    select * from {{ ref('products') }}
),

described as (
    select
        sold.platform,
        sold.product_id,
        coalesce(own.product_name, general.product_name) as product_name,
        coalesce(own.category, general.category) as category,
        coalesce(own.product_role, general.product_role) as product_role,
        coalesce(own.launched_date, general.launched_date) as launched_date
    from sold
    left join products as own on sold.platform = own.platform and sold.product_id = own.product_id
    left join products as general on sold.product_id = general.product_id and general.platform = 'generic'
)

select
    platform,
    product_id,
    product_name,
    category,
    product_role,
    launched_date,
    case when category is not null then cast(dense_rank() over (order by category) as integer) end as category_number
from described
