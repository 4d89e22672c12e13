-- One row per line of a JD order (订单号, 商品ID), with its share of what was paid for the order.
-- Trap: the amount of the order stands on each of its rows and counts once: it is shared over the lines by list value
-- (`macros/sharing.sql`). What is of the order comes from the newest of its rows.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='order_id',
    on_schema_change='fail',
    post_hook=["{{ forget_withdrawn() }}", "{{ forget_withdrawn('order_content_hash') }}"]
) }}

with {% if is_incremental() -%}
{%- set unsettled -%} content_hash in ({{ unsettled_contents() }}) {%- endset %}
changed_orders as (
    select order_id from {{ ref('stg_jd__order_lines') }}
    where {{ unsettled }}
    union
    select order_id from {{ this }}
    where {{ unsettled }} or order_{{ unsettled }}
),

{% endif -%}
order_lines as (
    select * from {{ ref('stg_jd__order_lines') }}
    {%- if is_incremental() %}
    where order_id in (select changed_orders.order_id from changed_orders)
    {%- endif %}
),

rows_ranked as (
    select
        *,
        row_number() over (
            partition by order_id
            order by versioned_at desc, delivered_date desc, content_hash desc, product_id asc
        ) as row_rank
    from order_lines
),

orders as (
    select * from rows_ranked
    where row_rank = 1
),

lines_of_orders as (
    select
        order_lines.platform,
        orders.shop_id,
        order_lines.order_id,
        order_lines.product_id,
        order_lines.sku_id,
        orders.account_id,
        order_lines.product_name,
        order_lines.merchant_code,
        order_lines.quantity,
        order_lines.list_amount,
        cast(order_lines.list_amount * 100 as bigint) as weight,
        cast(orders.order_payable_amount * 100 as bigint) as order_cents,
        orders.order_status,
        orders.created_at,
        orders.paid_at,
        orders.completed_at,
        orders.traffic_source,
        orders.traffic_channel,
        order_lines.content_hash,
        orders.content_hash as order_content_hash
    from order_lines
    inner join orders on order_lines.order_id = orders.order_id
),

lines_paid as (
    {{ amounts_shared('lines_of_orders', order='order_id', position='product_id') }}
),

int_jd_order_lines_assembled as (
    select
        {{ surrogate_key(["'jd'", 'order_id', 'product_id']) }} as order_line_key,
        {{ surrogate_key(["'jd'", 'order_id']) }} as order_key,
        case
            when account_id is not null then {{ surrogate_key(["'jd'", 'shop_id', 'account_id']) }}
        end as account_key,
        platform,
        shop_id,
        order_id,
        order_id || '-' || product_id as order_line_id,
        account_id,
        product_id,
        product_name,
        sku_id,
        merchant_code,
        quantity,
        list_amount,
        payable_amount,
        true as is_amount_shared,
        order_status,
        created_at,
        paid_at,
        completed_at,
        traffic_source,
        traffic_channel,
        content_hash,
        order_content_hash
    from lines_paid
)

select * from int_jd_order_lines_assembled
