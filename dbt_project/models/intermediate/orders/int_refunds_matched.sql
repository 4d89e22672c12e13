-- One row per refund document of every platform, with the order line it belongs to where that line is known and single.
-- Trap: Tmall names order and product code, generic refunds may name no shop: an id that fits no line, or several, or one
-- that nobody has paid, stays pending.
-- Only money that moved counts, never more than was paid for the line; where the line's amount is a share of its order's, the
-- order is the limit, since the refund is exact and the share is not.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='refund_key',
    on_schema_change='fail',
    post_hook="{{ forget_withdrawn() }}"
) }}

with order_lines as (
    select * from {{ ref('int_order_lines_unioned') }}
    where {{ is_touched(party()) }}
),

refunds as (
    select * from {{ ref('int_refunds_unioned') }}
),

refund_lines_proposed as (
    select * from {{ ref('int_refund_lines_proposed') }}
),

matched_anew as (
    select
        refund_key,
        case
            when count(order_line_key) = 1 then min(order_line_key)
            when count(case when is_same_shop then 1 end) = 1 then min(case when is_same_shop then order_line_key end)
        end as order_line_key,
        count(order_line_key) as candidate_count
    from refund_lines_proposed
    group by refund_key
),

-- Refunds of a touched party keep their line, but what they count for may change with the others of the line.
matches as (
    select
        refund_key,
        order_line_key,
        candidate_count
    from matched_anew
    {%- if is_incremental() %}

    union all

    select
        refund_key,
        order_line_key,
        1 as candidate_count
    from {{ this }}
    where
        {{ is_touched(party()) }}
        and refund_key not in (select matched_anew.refund_key from matched_anew)
    {%- endif %}
),

shared_orders as (
    select
        order_key,
        sum(paid_amount) as paid_amount
    from order_lines
    where is_amount_shared
    group by order_key
),

matched as (
    select
        refunds.*,
        matches.order_line_key,
        case
            when matches.candidate_count = 0 then 'unknown_order_line'
            when matches.order_line_key is null then 'several_order_lines'
            when order_lines.paid_at is null then 'unpaid_order_line'
        end as pending_reason,
        refunds.refund_status = 'succeeded'
        and refunds.refund_amount > 0
        and refunds.refund_type in ('refund_only', 'return', 'price_protection') as is_successful,
        order_lines.shop_id as line_shop_id,
        order_lines.order_line_id as matched_order_line_id,
        order_lines.order_key,
        order_lines.customer_key,
        order_lines.paid_at,
        coalesce(order_lines.is_valid, false) as is_of_valid_line,
        coalesce(shared_orders.paid_amount, order_lines.paid_amount, 0) as limit_amount,
        coalesce(shared_orders.order_key, order_lines.order_line_key) as limit_key,
        greatest(coalesce(refunds.refunded_at, order_lines.paid_at), order_lines.paid_at) as effective_at
    from refunds
    inner join matches on refunds.refund_key = matches.refund_key
    left join order_lines on matches.order_line_key = order_lines.order_line_key
    left join shared_orders
        on
            order_lines.order_key = shared_orders.order_key
            and order_lines.is_amount_shared
),

accumulated as (
    select
        *,
        coalesce(
            sum(case when is_successful then refund_amount end) over (
                partition by limit_key
                order by effective_at asc, refund_key asc
                rows between unbounded preceding and 1 preceding
            ), 0
        ) as refunded_before_amount
    from matched
),

int_refunds_matched as (
    select
        refund_key,
        order_line_key,
        order_key,
        customer_key,
        platform,
        coalesce(line_shop_id, shop_id) as shop_id,
        refund_id,
        order_id,
        coalesce(matched_order_line_id, order_line_id) as order_line_id,
        refund_amount,
        refund_quantity,
        refund_status,
        refund_type,
        is_successful,
        pending_reason,
        is_of_valid_line,
        cast(
            case
                when is_successful and pending_reason is null
                    then least(refund_amount, greatest(limit_amount - refunded_before_amount, 0))
                else 0
            end as decimal(18, 2)
        ) as counted_amount,
        applied_at,
        case when is_successful then coalesce(effective_at, refunded_at) end as refunded_at,
        resolved_at,
        cast(paid_at as date) as paid_date,
        content_hash
    from accumulated
)

select * from int_refunds_matched
