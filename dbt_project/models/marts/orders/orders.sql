-- One row per order (主订单).
-- Trap: amounts and quantities are those of the valid lines; an order of samples alone is here with `is_valid` false and zeros.
{{ renewed_table('forget_touched_orders()') }}

with order_lines as (
    select * from {{ ref('order_lines') }}
    where {{ is_touched_order() }}
)

select
    order_key,
    any_value(platform) as platform,
    min(shop_id) as shop_id,
    any_value(order_id) as order_id,
    min(customer_key) as customer_key,
    cast(count(*) as bigint) as line_count,
    cast(sum(case when is_valid then quantity else 0 end) as bigint) as quantity,
    cast(sum(case when is_valid then paid_amount else 0 end) as decimal(18, 2)) as paid_amount,
    cast(sum(case when is_valid then refunded_amount else 0 end) as decimal(18, 2)) as refunded_amount,
    cast(sum(case when is_valid then net_amount else 0 end) as decimal(18, 2)) as net_amount,
    coalesce(min(case when is_valid then paid_at end), min(paid_at)) as paid_at,
    cast(coalesce(min(case when is_valid then paid_at end), min(paid_at)) as date) as paid_date,
    bool_or(is_valid) as is_valid,
    bool_or(is_valid)
    and sum(case when is_valid then net_amount else 0 end) <= 0 as is_fully_refunded,
    bool_or(is_member_at_order) as is_member_at_order,
    bool_or(is_first_order) as is_first_order
from order_lines
group by order_key
