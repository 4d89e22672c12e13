-- One row per sold product: its category, and after how many days without a purchase who bought it counts as lost.
-- Trap: a product without a category has the days of `churn_days`. The number of the category is another in the next build.
with sold_products as (
    select * from {{ ref('sold_products') }}
),

category_intervals as (
    select * from {{ ref('category_intervals') }}
)

select
    sold_products.platform,
    sold_products.product_id,
    sold_products.category,
    sold_products.category_number,
    cast(coalesce(category_intervals.churn_days, {{ var('churn_days') }}) as bigint) as churn_days
from sold_products
left join category_intervals on sold_products.category = category_intervals.category
