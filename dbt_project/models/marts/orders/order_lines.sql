-- One row per order line (子订单) of every platform.
-- Trap: `paid_amount` is gross of refunds; filter `is_valid` before summing sales: samples, gifts and free lines are here too.
{{ renewed_table('forget_touched(party())') }}

with lines as (
    select * from {{ ref('int_order_lines_unioned') }}
    where {{ is_touched(party()) }}
),

-- The same lines a second time, so that what is only asked for keys and times is not held in memory with every column.
timed_lines as (
    select
        order_line_key,
        order_key,
        customer_key,
        is_valid,
        created_at,
        paid_at
    from {{ ref('int_order_lines_unioned') }}
    where {{ is_touched() }}
),

refunds as (
    select * from {{ ref('int_refunds_matched') }}
    where {{ is_touched(party()) }}
),

memberships as (
    select * from {{ ref('int_memberships_unioned') }}
    where {{ is_touched() }}
),

refunds_by_line as (
    select
        order_line_key,
        sum(counted_amount) as refunded_amount,
        max(cast(refunded_at as date)) as last_refunded_date
    from refunds
    where counted_amount > 0
    group by order_line_key
),

first_purchases as (
    select
        customer_key,
        min(paid_at) as paid_at
    from timed_lines
    where is_valid and customer_key is not null
    group by customer_key
),

first_orders as (
    select
        timed_lines.customer_key,
        min(timed_lines.order_key) as order_key
    from timed_lines
    inner join first_purchases
        on
            timed_lines.customer_key = first_purchases.customer_key
            and timed_lines.paid_at = first_purchases.paid_at
    where timed_lines.is_valid
    group by timed_lines.customer_key
),

lines_by_members as (
    select timed_lines.order_line_key
    from timed_lines
    inner join memberships on timed_lines.customer_key = memberships.customer_key
    where
        memberships.joined_at <= timed_lines.created_at
        and (memberships.left_at is null or memberships.left_at > timed_lines.created_at)
    group by timed_lines.order_line_key
)

select
    lines.order_line_key,
    lines.order_key,
    lines.platform,
    lines.shop_id,
    lines.order_id,
    lines.order_line_id,
    lines.customer_key,
    lines.product_id,
    lines.product_name,
    lines.sku_id,
    lines.merchant_code,
    lines.quantity,
    lines.list_amount,
    lines.paid_amount,
    lines.is_amount_shared,
    cast(coalesce(refunds_by_line.refunded_amount, 0) as decimal(18, 2)) as refunded_amount,
    cast(lines.paid_amount - coalesce(refunds_by_line.refunded_amount, 0) as decimal(18, 2)) as net_amount,
    lines.order_status,
    lines.order_kind,
    lines.is_valid,
    coalesce(lines.paid_amount > 0 and refunds_by_line.refunded_amount >= lines.paid_amount, false)
        as is_fully_refunded,
    case
        when lines.paid_amount > 0 and refunds_by_line.refunded_amount >= lines.paid_amount
            then refunds_by_line.last_refunded_date
    end as fully_refunded_date,
    lines.created_at,
    lines.paid_at,
    lines.paid_date,
    lines.shipped_at,
    lines.completed_at,
    lines.influencer_key,
    lines.traffic_source,
    lines.traffic_type,
    lines.traffic_format,
    lines.traffic_channel,
    case when lines.customer_key is not null then lines_by_members.order_line_key is not null end as is_member_at_order,
    case when lines.customer_key is not null then first_orders.order_key is not null and lines.is_valid end as is_first_order,
    lines.content_hash,
    lines.order_content_hash
from lines
left join refunds_by_line on lines.order_line_key = refunds_by_line.order_line_key
left join lines_by_members on lines.order_line_key = lines_by_members.order_line_key
left join first_orders
    on
        lines.customer_key = first_orders.customer_key
        and lines.order_key = first_orders.order_key
