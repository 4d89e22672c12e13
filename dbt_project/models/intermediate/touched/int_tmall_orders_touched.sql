-- One row per Tmall order whose lines the last deliveries have changed; none when everything is built from nothing.
-- Trap: a sub-order may have moved to another order, so the orders of its past and its present are here; and the order of its
-- own number, which it may have been the only line of.
{{ renewed_table('forget_all()') }}

with items as (
    select * from {{ ref('stg_tmall__items') }}
),

orders as (
    select * from {{ ref('stg_tmall__orders') }}
),

details as (
    select * from {{ ref('stg_tmall__order_details') }}
),

{% if is_incremental() -%}
previous_lines as (
    select * from {{ previous('intermediate', 'int_tmall_order_lines_assembled') }}
),

changed_lines as (
    select order_line_id from items
    where content_hash in ({{ unsettled_contents() }})

    union

    select order_line_id from previous_lines
    where content_hash in ({{ unsettled_contents() }})
),

touched as (
    select order_id from orders
    where content_hash in ({{ unsettled_contents() }})

    union

    select order_id from details
    where content_hash in ({{ unsettled_contents() }})

    union

    select order_id from items
    where order_line_id in (select changed_lines.order_line_id from changed_lines)

    union

    select order_id from previous_lines
    where
        order_line_id in (select changed_lines.order_line_id from changed_lines)
        or order_content_hash in ({{ unsettled_contents() }})

    union

    select order_line_id as order_id from changed_lines
),

{% else -%}
touched as (
    select order_id from items
    where false
    union
    select order_id from orders
    where false
    union
    select order_id from details
    where false
),

{% endif -%}
int_tmall_orders_touched as (
    select order_id from touched
)

select * from int_tmall_orders_touched
