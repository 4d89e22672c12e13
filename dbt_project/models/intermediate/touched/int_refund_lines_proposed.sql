-- One row per refund document to be matched anew and order line it may belong to; one without a line where none fits.
-- Trap: Tmall names order and product code, generic refunds may name no shop: an id may fit several lines.
{{ renewed_table('forget_all()') }}

with order_lines as (
    select * from {{ ref('int_order_lines_unioned') }}
),

refunds as (
    select * from {{ ref('int_refunds_unioned') }}
),

lines_touched as (
    select * from {{ ref('int_order_lines_touched') }}
),

{% if is_incremental() -%}
refund_keys as (
    select refund_key from refunds
    where content_hash in ({{ unsettled_contents() }})

    union

    select refund_key from {{ previous('intermediate', 'int_refunds_matched') }}
    where content_hash in ({{ unsettled_contents() }})

    union

    select refunds.refund_key
    from refunds
    inner join lines_touched
        on
            refunds.platform = lines_touched.platform
            and refunds.order_line_id = lines_touched.order_line_id

    union

    select refunds.refund_key
    from refunds
    inner join lines_touched
        on
            refunds.platform = lines_touched.platform
            and refunds.order_id = lines_touched.order_id
    where refunds.order_line_id is null
),

{% endif -%}
refunds_touched as (
    select * from refunds
    {%- if is_incremental() %}
    where refund_key in (select refund_keys.refund_key from refund_keys)
    {%- endif %}
),

lines_by_id as (
    select
        refunds_touched.refund_key,
        order_lines.order_line_key,
        coalesce(order_lines.customer_key, order_lines.order_key) as party_key,
        refunds_touched.shop_id = order_lines.shop_id as is_same_shop
    from refunds_touched
    inner join order_lines
        on
            refunds_touched.platform = order_lines.platform
            and refunds_touched.order_line_id = order_lines.order_line_id
            and (
                refunds_touched.shop_id = order_lines.shop_id
                or refunds_touched.shop_id = 'default'
                or refunds_touched.is_line_id_unique_on_platform
            )
),

lines_by_code as (
    select
        refunds_touched.refund_key,
        order_lines.order_line_key,
        coalesce(order_lines.customer_key, order_lines.order_key) as party_key,
        true as is_same_shop
    from refunds_touched
    inner join order_lines
        on
            refunds_touched.platform = order_lines.platform
            and refunds_touched.order_id = order_lines.order_id
            and (
                refunds_touched.product_code = order_lines.merchant_code
                or refunds_touched.product_code = order_lines.product_id
            )
    where refunds_touched.order_line_id is null
),

candidate_lines as (
    select
        refund_key,
        order_line_key,
        party_key,
        is_same_shop
    from lines_by_id
    union all
    select
        refund_key,
        order_line_key,
        party_key,
        is_same_shop
    from lines_by_code
),

int_refund_lines_proposed as (
    select
        refunds_touched.refund_key,
        candidate_lines.order_line_key,
        candidate_lines.party_key,
        candidate_lines.is_same_shop
    from refunds_touched
    left join candidate_lines on refunds_touched.refund_key = candidate_lines.refund_key
)

select * from int_refund_lines_proposed
