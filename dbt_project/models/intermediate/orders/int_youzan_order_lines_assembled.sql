-- One row per piece of goods named in a Youzan order, with its share of what was paid for the order.
-- Trap: goods and quantities stand in one cell (`name(1件)` pieces) without prices, so the amount is shared by quantity
-- (`macros/sharing.sql`): exact per order, a guess per line. A cell without pieces is one line.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='order_id',
    on_schema_change='fail',
    post_hook="{{ forget_withdrawn() }}"
) }}

{%- set piece = '[,，;；、 \\n]*(.+?)[(（]([0-9]+)件[)）]' %}

with {% if is_incremental() -%}
{%- set unsettled -%} content_hash in ({{ unsettled_contents() }}) {%- endset %}
changed_orders as (
    select order_id from {{ ref('stg_youzan__orders') }}
    where {{ unsettled }}
    union
    select order_id from {{ this }}
    where {{ unsettled }}
),

{% endif -%}
orders as (
    select * from {{ ref('stg_youzan__orders') }}
    {%- if is_incremental() %}
    where order_id in (select changed_orders.order_id from changed_orders)
    {%- endif %}
),

pieces as (
    select
        order_id,
        {{ list_rows("regexp_extract_all(goods, '" ~ piece ~ "', 0)") }} as piece
    from orders
),

goods_read as (
    select
        order_id,
        regexp_extract(piece, '{{ piece }}', 1) as product_name,
        cast(regexp_extract(piece, '{{ piece }}', 2) as bigint) as quantity
    from pieces
),

goods_numbered as (
    select
        *,
        row_number() over (partition by order_id order by product_name asc, quantity asc) as line_position
    from goods_read
),

lines_of_orders as (
    select
        orders.platform,
        orders.shop_id,
        orders.order_id,
        coalesce(goods_numbered.line_position, 1) as line_position,
        orders.account_id,
        coalesce(goods_numbered.product_name, orders.goods) as product_name,
        coalesce(goods_numbered.quantity, 1) as quantity,
        coalesce(goods_numbered.quantity, 1) as weight,
        cast(orders.payable_amount * 100 as bigint) as order_cents,
        orders.order_status,
        orders.created_at,
        orders.paid_at,
        orders.content_hash
    from orders
    left join goods_numbered on orders.order_id = goods_numbered.order_id
),

lines_paid as (
    {{ amounts_shared('lines_of_orders', order='order_id', position='line_position') }}
),

lines_identified as (
    select
        *,
        order_id || '-' || cast(line_position as varchar) as order_line_id
    from lines_paid
),

int_youzan_order_lines_assembled as (
    select
        {{ surrogate_key(["'youzan'", 'order_line_id']) }} as order_line_key,
        {{ surrogate_key(["'youzan'", 'order_id']) }} as order_key,
        case
            when account_id is not null then {{ surrogate_key(["'youzan'", 'shop_id', 'account_id']) }}
        end as account_key,
        platform,
        shop_id,
        order_id,
        order_line_id,
        account_id,
        product_name as product_id,
        product_name,
        quantity,
        payable_amount,
        true as is_amount_shared,
        order_status,
        created_at,
        paid_at,
        content_hash
    from lines_identified
)

select * from int_youzan_order_lines_assembled
