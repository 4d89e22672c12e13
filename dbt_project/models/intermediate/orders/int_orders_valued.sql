-- One row per valid order of a known customer and period in which its paid and refunded amounts stayed the same.
-- Trap: as of a day, join on `valid_from <= day and (valid_to is null or day < valid_to)`; a later refund, or a line paid on a
-- later day, opens a new row.
with order_lines as (
    select * from {{ ref('int_order_lines_unioned') }}
),

refunds as (
    select * from {{ ref('int_refunds_matched') }}
),

valid_orders as (
    select
        order_key,
        min(customer_key) as customer_key,
        min(paid_date) as paid_date
    from order_lines
    where is_valid and customer_key is not null
    group by order_key
),

changes as (
    select
        order_key,
        paid_date as changed_date,
        paid_amount,
        quantity,
        cast(0 as decimal(18, 2)) as refunded_amount
    from order_lines
    where is_valid and customer_key is not null

    union all

    select
        refunds.order_key,
        cast(refunds.refunded_at as date) as changed_date,
        cast(0 as decimal(18, 2)) as paid_amount,
        0 as quantity,
        refunds.counted_amount as refunded_amount
    from refunds
    inner join order_lines on refunds.order_line_key = order_lines.order_line_key
    where refunds.counted_amount > 0 and order_lines.is_valid and order_lines.customer_key is not null
),

changes_by_day as (
    select
        order_key,
        changed_date,
        sum(paid_amount) as paid_amount,
        sum(quantity) as quantity,
        sum(refunded_amount) as refunded_amount
    from changes
    group by order_key, changed_date
),

periods as (
    select
        order_key,
        changed_date as valid_from,
        lead(changed_date) over (partition by order_key order by changed_date) as valid_to,
        sum(paid_amount) over (
            partition by order_key
            order by changed_date
            rows between unbounded preceding and current row
        ) as paid_amount,
        sum(quantity) over (
            partition by order_key
            order by changed_date
            rows between unbounded preceding and current row
        ) as quantity,
        sum(refunded_amount) over (
            partition by order_key
            order by changed_date
            rows between unbounded preceding and current row
        ) as refunded_amount
    from changes_by_day
),

int_orders_valued as (
    select
        valid_orders.order_key,
        valid_orders.customer_key,
        valid_orders.paid_date,
        periods.valid_from,
        periods.valid_to,
        cast(periods.paid_amount as decimal(18, 2)) as paid_amount,
        cast(periods.paid_amount - periods.refunded_amount as decimal(18, 2)) as net_amount,
        periods.refunded_amount < periods.paid_amount as is_counted,
        cast(periods.quantity as bigint) as quantity
    from periods
    inner join valid_orders on periods.order_key = valid_orders.order_key
)

select * from int_orders_valued
