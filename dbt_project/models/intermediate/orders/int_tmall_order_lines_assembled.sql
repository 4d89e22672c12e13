-- One row per line of a Tmall order, whichever of the two exports brought it.
-- Trap: an order in both exports counts once, by its items; the classic list then only adds its buyer.
-- The classic export states what was paid per order: it is shared over the lines by list value (`macros/sharing.sql`).
{{ renewed_table('forget_touched_tmall_orders()') }}

with items as (
    select * from {{ ref('stg_tmall__items') }}
    where {{ is_touched_tmall_order() }}
),

orders as (
    select * from {{ ref('stg_tmall__orders') }}
    where {{ is_touched_tmall_order() }}
),

details as (
    select * from {{ ref('stg_tmall__order_details') }}
    where {{ is_touched_tmall_order() }}
),

orders_with_items as (
    select order_id from items
    group by order_id
),

-- The only sub-order of an order bears its number, in whichever order it stands now.
moved_items as (
    select order_line_id from {{ ref('stg_tmall__items') }}
    where {{ is_touched_tmall_order('order_line_id') }}
),

classic_lines as (
    select
        orders.shop_id,
        details.order_id,
        details.order_id || '-' || cast(details.line_position as varchar) as order_line_id,
        orders.account_id,
        details.merchant_code as product_id,
        details.product_name,
        details.merchant_code,
        details.quantity,
        details.list_amount,
        cast(details.list_amount * 100 as bigint) as weight,
        cast(orders.payable_amount * 100 as bigint) as order_cents,
        orders.order_status,
        orders.created_at,
        orders.paid_at,
        orders.shipped_at,
        orders.completed_at,
        details.content_hash,
        orders.content_hash as order_content_hash,
        details.line_position
    from details
    inner join orders on details.order_id = orders.order_id
    left join orders_with_items on details.order_id = orders_with_items.order_id
    where orders_with_items.order_id is null
),

classic_lines_paid as (
    {{ amounts_shared('classic_lines', order='order_id', position='line_position') }}
),

-- An order of the list whose lines no export has brought yet is one line: its sale is known, its products are not.
orders_without_lines as (
    select orders.*
    from orders
    left join details on orders.order_id = details.order_id
    left join orders_with_items on orders.order_id = orders_with_items.order_id
    left join moved_items on orders.order_id = moved_items.order_line_id
    where details.order_id is null and orders_with_items.order_id is null and moved_items.order_line_id is null
),

assembled as (
    select
        coalesce(nullif(items.shop_id, 'default'), orders.shop_id, items.shop_id) as shop_id,
        items.order_id,
        items.order_line_id,
        orders.account_id,
        items.product_id,
        items.product_name,
        items.merchant_code,
        items.quantity,
        items.list_amount,
        items.payable_amount,
        false as is_amount_shared,
        items.order_status,
        items.created_at,
        items.paid_at,
        orders.shipped_at,
        orders.completed_at,
        items.content_hash,
        orders.content_hash as order_content_hash
    from items
    left join orders on items.order_id = orders.order_id

    union all

    select
        shop_id,
        order_id,
        order_line_id,
        account_id,
        product_id,
        product_name,
        merchant_code,
        quantity,
        list_amount,
        payable_amount,
        true as is_amount_shared,
        order_status,
        created_at,
        paid_at,
        shipped_at,
        completed_at,
        content_hash,
        order_content_hash
    from classic_lines_paid

    union all

    select
        shop_id,
        order_id,
        order_id as order_line_id,
        account_id,
        cast(null as varchar) as product_id,
        cast(null as varchar) as product_name,
        cast(null as varchar) as merchant_code,
        quantity,
        payable_amount as list_amount,
        payable_amount,
        false as is_amount_shared,
        order_status,
        created_at,
        paid_at,
        shipped_at,
        completed_at,
        content_hash,
        content_hash as order_content_hash
    from orders_without_lines
),

int_tmall_order_lines_assembled as (
    select
        {{ surrogate_key(["'tmall'", 'order_line_id']) }} as order_line_key,
        {{ surrogate_key(["'tmall'", 'order_id']) }} as order_key,
        case
            when account_id is not null then {{ surrogate_key(["'tmall'", 'shop_id', 'account_id']) }}
        end as account_key,
        'tmall' as platform,
        *
    from assembled
)

select * from int_tmall_order_lines_assembled
