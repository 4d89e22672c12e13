-- One row per customer, platform and product of which the customer bought a valid line that was not fully refunded.
-- Trap: samples and gifts are not here; a product id belongs to its platform.
{{ renewed_table('forget_touched()') }}

with order_lines as (
    select * from {{ ref('order_lines') }}
    where {{ is_touched() }}
)

select
    customer_key,
    platform,
    product_id,
    min(paid_date) as first_paid_date,
    max(paid_date) as last_paid_date
from order_lines
where is_valid and not is_fully_refunded and customer_key is not null and product_id is not null
group by customer_key, platform, product_id
