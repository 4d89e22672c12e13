-- One row per order line, as it was and as it is, whose order the last deliveries have changed; none when everything is built
-- from nothing.
-- Trap: a line may have moved to another order, shop or buyer, and its buyer may be another customer now: both its past and its
-- present are here.
{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='fail', pre_hook="{{ forget_all() }}") }}
{%- set regrouped = ref('int_customers_regrouped') %}

with order_lines as (
    select * from {{ ref('int_order_lines_unioned') }}
),

{% if is_incremental() -%}
previous_lines as (
    select * from {{ previous('marts', 'order_lines') }}
),

changed as (
    select
        order_line_key,
        platform,
        order_id
    from order_lines
    where
        content_hash in ({{ unsettled_contents() }})
        or order_content_hash in ({{ unsettled_contents() }})
        or customer_key in (select regrouped.customer_key from {{ regrouped }} as regrouped)

    union

    select
        order_line_key,
        platform,
        order_id
    from previous_lines
    where
        content_hash in ({{ unsettled_contents() }})
        or order_content_hash in ({{ unsettled_contents() }})
        or customer_key in (select regrouped.customer_key from {{ regrouped }} as regrouped)
),

changed_orders as (
    select
        platform,
        order_id
    from changed
    group by platform, order_id
),

states as (
    select
        order_lines.order_line_key,
        {{ party() }} as party_key,
        order_lines.order_key,
        order_lines.platform,
        order_lines.order_id,
        order_lines.order_line_id
    from order_lines
    where order_lines.order_line_key in (select changed.order_line_key from changed)

    union

    select
        order_lines.order_line_key,
        {{ party() }} as party_key,
        order_lines.order_key,
        order_lines.platform,
        order_lines.order_id,
        order_lines.order_line_id
    from order_lines
    inner join changed_orders
        on
            order_lines.platform = changed_orders.platform
            and order_lines.order_id = changed_orders.order_id

    union

    select
        previous_lines.order_line_key,
        {{ party() }} as party_key,
        previous_lines.order_key,
        previous_lines.platform,
        previous_lines.order_id,
        previous_lines.order_line_id
    from previous_lines
    where previous_lines.order_line_key in (select changed.order_line_key from changed)

    union

    select
        previous_lines.order_line_key,
        {{ party() }} as party_key,
        previous_lines.order_key,
        previous_lines.platform,
        previous_lines.order_id,
        previous_lines.order_line_id
    from previous_lines
    inner join changed_orders
        on
            previous_lines.platform = changed_orders.platform
            and previous_lines.order_id = changed_orders.order_id
),

{% else -%}
states as (
    select
        order_line_key,
        {{ party() }} as party_key,
        order_key,
        platform,
        order_id,
        order_line_id
    from order_lines
    where false
),

{% endif -%}
int_order_lines_touched as (
    select
        order_line_key,
        party_key,
        order_key,
        platform,
        order_id,
        order_line_id
    from states
)

select * from int_order_lines_touched
