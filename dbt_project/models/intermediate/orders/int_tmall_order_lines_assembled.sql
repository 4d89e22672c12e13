-- One row per line of a Tmall order, whichever of the two exports brought it.
-- Trap: an order in both exports counts once, by its items; the classic list then only adds its buyer.
-- The classic export states what was paid per order: it is shared over the lines by list value, the rounding cents going to
-- the lines with the largest remainders, so that lines always sum to their order.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='order_id',
    on_schema_change='fail',
    post_hook=["{{ forget_withdrawn() }}", "{{ forget_withdrawn('order_content_hash') }}"]
) }}

{%- set unsettled -%} content_hash in ({{ unsettled_contents() }}) {%- endset %}

with {% if is_incremental() -%}
changed_orders as (
    select order_id from {{ ref('stg_tmall__items') }}
    where {{ unsettled }}
    union
    select order_id from {{ ref('stg_tmall__orders') }}
    where {{ unsettled }}
    union
    select order_id from {{ ref('stg_tmall__order_details') }}
    where {{ unsettled }}
    union
    select order_id from {{ this }}
    where {{ unsettled }} or order_{{ unsettled }}
),

{% endif -%}
items as (
    select * from {{ ref('stg_tmall__items') }}
    {%- if is_incremental() %}
    where order_id in (select changed_orders.order_id from changed_orders)
    {%- endif %}
),

orders as (
    select * from {{ ref('stg_tmall__orders') }}
    {%- if is_incremental() %}
    where order_id in (select changed_orders.order_id from changed_orders)
    {%- endif %}
),

details as (
    select * from {{ ref('stg_tmall__order_details') }}
    {%- if is_incremental() %}
    where order_id in (select changed_orders.order_id from changed_orders)
    {%- endif %}
),

orders_with_items as (
    select order_id from items
    group by order_id
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
        cast(details.list_amount * 100 as bigint) as list_cents,
        cast(orders.payable_amount * 100 as bigint) as order_cents,
        cast(sum(details.list_amount) over (partition by details.order_id) * 100 as bigint) as order_list_cents,
        count(*) over (partition by details.order_id) as order_line_count,
        orders.order_status,
        orders.created_at,
        orders.paid_at,
        orders.completed_at,
        details.content_hash,
        orders.content_hash as order_content_hash,
        details.line_position
    from details
    inner join orders on details.order_id = orders.order_id
    left join orders_with_items on details.order_id = orders_with_items.order_id
    where orders_with_items.order_id is null
),

-- Whole numbers below 2^53, so the division is exact enough for its floor.
shares as (
    select
        *,
        cast(
            case
                when order_list_cents > 0 then floor(order_cents * list_cents / order_list_cents)
                else floor(order_cents / order_line_count)
            end as bigint
        ) as paid_cents
    from classic_lines
),

ranked_shares as (
    select
        *,
        order_cents - sum(paid_cents) over (partition by order_id) as remaining_cents,
        row_number() over (
            partition by order_id
            order by (order_cents * list_cents) - (paid_cents * order_list_cents) desc, line_position asc
        ) as remainder_rank
    from shares
),

classic_lines_paid as (
    select
        *,
        cast(
            (paid_cents + case when remainder_rank <= remaining_cents then 1 else 0 end) / 100.0
            as decimal(18, 2)
        ) as payable_amount
    from ranked_shares
),

-- An order of the list whose lines no export has brought yet is one line: its sale is known, its products are not.
orders_without_lines as (
    select orders.*
    from orders
    left join details on orders.order_id = details.order_id
    left join orders_with_items on orders.order_id = orders_with_items.order_id
    where details.order_id is null and orders_with_items.order_id is null
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
        completed_at,
        content_hash,
        content_hash as order_content_hash
    from orders_without_lines
),

int_tmall_order_lines_assembled as (
    select
        {{ surrogate_key(["'tmall'", 'shop_id', 'order_line_id']) }} as order_line_key,
        {{ surrogate_key(["'tmall'", 'shop_id', 'order_id']) }} as order_key,
        case
            when account_id is not null then {{ surrogate_key(["'tmall'", 'shop_id', 'account_id']) }}
        end as account_key,
        *
    from assembled
)

select * from int_tmall_order_lines_assembled
