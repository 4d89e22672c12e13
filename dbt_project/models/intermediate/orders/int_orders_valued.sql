-- One row per valid order of a known customer and period in which its refunded amount stayed the same.
-- Trap: as of a day, join on `valid_from <= day and (valid_to is null or day < valid_to)`; a later refund opens a new row.
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
        min(paid_date) as paid_date,
        cast(sum(paid_amount) as decimal(18, 2)) as paid_amount,
        cast(sum(quantity) as bigint) as quantity
    from order_lines
    where is_valid and customer_key is not null
    group by order_key
),

refunded_days as (
    select
        refunds.order_key,
        cast(refunds.refunded_at as date) as changed_date,
        sum(refunds.counted_amount) as refunded_amount
    from refunds
    inner join order_lines on refunds.order_line_key = order_lines.order_line_key
    where refunds.counted_amount > 0 and order_lines.is_valid
    group by refunds.order_key, cast(refunds.refunded_at as date)
),

changes as (
    select
        order_key,
        paid_date as changed_date,
        cast(0 as decimal(38, 2)) as refunded_amount
    from valid_orders
    union all
    select
        refunded_days.order_key,
        greatest(refunded_days.changed_date, valid_orders.paid_date) as changed_date,
        refunded_days.refunded_amount
    from refunded_days
    inner join valid_orders on refunded_days.order_key = valid_orders.order_key
),

changes_by_day as (
    select
        order_key,
        changed_date,
        sum(refunded_amount) as refunded_amount
    from changes
    group by order_key, changed_date
),

periods as (
    select
        order_key,
        changed_date as valid_from,
        lead(changed_date) over (partition by order_key order by changed_date) as valid_to,
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
        valid_orders.paid_amount,
        cast(valid_orders.paid_amount - periods.refunded_amount as decimal(18, 2)) as net_amount,
        periods.refunded_amount < valid_orders.paid_amount as is_counted,
        valid_orders.quantity
    from periods
    inner join valid_orders on periods.order_key = valid_orders.order_key
)

select * from int_orders_valued
