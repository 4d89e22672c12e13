-- One row per order line, as it was and as it is, whose order the last deliveries have changed; none when everything is built
-- from nothing.
-- Trap: a line may have moved to another order, shop or buyer, and its buyer may be another customer now: both its past and its
-- present are here.
{{ renewed_table('forget_all()') }}
{%- set regrouped = ref('int_customers_regrouped') %}

with order_lines as (
    select * from {{ ref('int_order_lines_unioned') }}
),

{% if is_incremental() -%}
previous_lines as (
    select * from {{ previous('marts', 'order_lines') }}
),

lines_of_both_times as (
    select
        order_line_key,
        {{ party() }} as party_key,
        order_key,
        platform,
        order_id,
        order_line_id,
        customer_key,
        content_hash,
        order_content_hash
    from order_lines

    union all

    select
        order_line_key,
        {{ party() }} as party_key,
        order_key,
        platform,
        order_id,
        order_line_id,
        customer_key,
        content_hash,
        order_content_hash
    from previous_lines
),

changed_lines as (
    select order_line_key from lines_of_both_times
    where
        content_hash in ({{ unsettled_contents() }})
        or order_content_hash in ({{ unsettled_contents() }})
        or customer_key in (select regrouped.customer_key from {{ regrouped }} as regrouped)
    group by order_line_key
),

changed_orders as (
    select
        platform,
        order_id
    from lines_of_both_times
    where order_line_key in (select changed_lines.order_line_key from changed_lines)
    group by platform, order_id
),

states as (
    select lines_of_both_times.*
    from lines_of_both_times
    inner join changed_orders
        on
            lines_of_both_times.platform = changed_orders.platform
            and lines_of_both_times.order_id = changed_orders.order_id
),

{% else -%}
states as (
    select
        *,
        {{ party() }} as party_key
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
    group by order_line_key, party_key, order_key, platform, order_id, order_line_id
)

select * from int_order_lines_touched
