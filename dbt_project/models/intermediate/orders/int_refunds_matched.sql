-- One row per refund document of every platform, with the order line it belongs to where that line is known and single.
-- Trap: Tmall names order and product code, generic refunds may name no shop: an id that fits no line, or several, or one
-- that nobody has paid, stays pending.
-- Only money that moved counts, never more than was paid for the line; where the line's amount is a share of its order's, the
-- order is the limit, since the refund is exact and the share is not.
with order_lines as (
    select * from {{ ref('int_order_lines_unioned') }}
),

douyin as (
    select * from {{ ref('stg_douyin__refunds') }}
),

tmall as (
    select * from {{ ref('stg_tmall__refunds') }}
),

generic as (
    select * from {{ ref('stg_generic__refunds') }}
),

unioned as (
    select
        platform,
        shop_id,
        refund_id,
        order_id,
        order_line_id,
        product_code,
        refund_amount,
        refund_quantity,
        refund_status,
        refund_type,
        applied_at,
        refunded_at,
        resolved_at,
        true as is_line_id_unique_on_platform
    from douyin

    union all

    select
        platform,
        shop_id,
        refund_id,
        order_id,
        order_line_id,
        product_code,
        refund_amount,
        refund_quantity,
        refund_status,
        refund_type,
        applied_at,
        refunded_at,
        resolved_at,
        true as is_line_id_unique_on_platform
    from tmall

    union all

    select
        platform,
        shop_id,
        refund_id,
        order_id,
        order_line_id,
        product_code,
        refund_amount,
        refund_quantity,
        refund_status,
        refund_type,
        applied_at,
        refunded_at,
        resolved_at,
        false as is_line_id_unique_on_platform
    from generic
),

keyed as (
    select
        *,
        {{ surrogate_key(['platform', 'shop_id', 'refund_id']) }} as refund_key
    from unioned
),

lines_by_id as (
    select
        keyed.refund_key,
        order_lines.order_line_key,
        keyed.shop_id = order_lines.shop_id as is_same_shop
    from keyed
    inner join order_lines
        on
            keyed.platform = order_lines.platform
            and keyed.order_line_id = order_lines.order_line_id
            and (
                keyed.shop_id = order_lines.shop_id
                or keyed.shop_id = 'default'
                or keyed.is_line_id_unique_on_platform
            )
),

lines_by_code as (
    select
        keyed.refund_key,
        order_lines.order_line_key,
        true as is_same_shop
    from keyed
    inner join order_lines
        on
            keyed.platform = order_lines.platform
            and keyed.order_id = order_lines.order_id
            and (keyed.product_code = order_lines.merchant_code or keyed.product_code = order_lines.product_id)
    where keyed.order_line_id is null
),

shared_orders as (
    select
        order_key,
        sum(paid_amount) as paid_amount
    from order_lines
    where is_amount_shared
    group by order_key
),

candidate_lines as (
    select
        refund_key,
        order_line_key,
        is_same_shop
    from lines_by_id
    union all
    select
        refund_key,
        order_line_key,
        is_same_shop
    from lines_by_code
),

matches as (
    select
        refund_key,
        case
            when count(*) = 1 then min(order_line_key)
            when count(case when is_same_shop then 1 end) = 1 then min(case when is_same_shop then order_line_key end)
        end as order_line_key,
        count(*) as candidate_count
    from candidate_lines
    group by refund_key
),

matched as (
    select
        keyed.*,
        matches.order_line_key,
        case
            when matches.candidate_count is null then 'unknown_order_line'
            when matches.order_line_key is null then 'several_order_lines'
            when order_lines.paid_at is null then 'unpaid_order_line'
        end as pending_reason,
        keyed.refund_status = 'succeeded'
        and keyed.refund_amount > 0
        and keyed.refund_type in ('refund_only', 'return', 'price_protection') as is_successful,
        order_lines.shop_id as line_shop_id,
        order_lines.order_line_id as matched_order_line_id,
        order_lines.order_key,
        order_lines.customer_key,
        order_lines.paid_at,
        coalesce(shared_orders.paid_amount, order_lines.paid_amount, 0) as limit_amount,
        coalesce(shared_orders.order_key, order_lines.order_line_key) as limit_key,
        greatest(coalesce(keyed.refunded_at, order_lines.paid_at), order_lines.paid_at) as effective_at
    from keyed
    left join matches on keyed.refund_key = matches.refund_key
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
        coalesce(matched_order_line_id, order_line_id) as order_line_id,
        refund_amount,
        refund_quantity,
        refund_status,
        refund_type,
        is_successful,
        pending_reason,
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
        cast(paid_at as date) as paid_date
    from accumulated
)

select * from int_refunds_matched
