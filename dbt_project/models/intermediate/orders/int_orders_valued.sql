-- One row per valid order of a known customer and period in which its paid and refunded amounts stayed the same.
-- Trap: as of a day, join on `valid_from <= day and (valid_to is null or day < valid_to)`; a later refund, or a line paid on a
-- later day, opens a new row.
{{ renewed_table('forget_touched()') }}

with int_order_lines_unioned as (
    select * from {{ ref('int_order_lines_unioned') }}
    where is_valid and customer_key is not null and {{ is_touched() }}
),

int_refunds_matched as (
    select * from {{ ref('int_refunds_matched') }}
    where counted_amount > 0 and {{ is_touched() }}
),

refunded_orders as (
    select order_key from int_refunds_matched
    group by order_key
),

orders as (
    select
        order_key,
        customer_key,
        min(paid_date) as paid_date,
        max(paid_date) as last_paid_date,
        sum(paid_amount) as paid_amount,
        sum(quantity) as quantity
    from int_order_lines_unioned
    group by order_key, customer_key
),

orders_told_apart as (
    select
        orders.*,
        orders.paid_date < orders.last_paid_date or refunded_orders.order_key is not null as is_changing
    from orders
    left join refunded_orders on orders.order_key = refunded_orders.order_key
),

-- Most orders are paid on one day and never refunded: only the others need their changes put in order.
lines_of_changing_orders as (
    select
        int_order_lines_unioned.*,
        orders_told_apart.paid_date as order_paid_date
    from int_order_lines_unioned
    inner join orders_told_apart
        on
            int_order_lines_unioned.order_key = orders_told_apart.order_key
            and int_order_lines_unioned.customer_key = orders_told_apart.customer_key
    where orders_told_apart.is_changing
),

changes as (
    select
        order_key,
        customer_key,
        order_paid_date as paid_date,
        paid_date as changed_date,
        paid_amount,
        quantity,
        cast(0 as decimal(18, 2)) as refunded_amount
    from lines_of_changing_orders

    union all

    select
        lines_of_changing_orders.order_key,
        lines_of_changing_orders.customer_key,
        lines_of_changing_orders.order_paid_date as paid_date,
        cast(int_refunds_matched.refunded_at as date) as changed_date,
        cast(0 as decimal(18, 2)) as paid_amount,
        0 as quantity,
        int_refunds_matched.counted_amount as refunded_amount
    from lines_of_changing_orders
    inner join int_refunds_matched on lines_of_changing_orders.order_line_key = int_refunds_matched.order_line_key
),

-- Of several changes on one date only the last is followed by a later one: the periods of the others are empty.
periods as (
    select
        order_key,
        customer_key,
        paid_date,
        changed_date as valid_from,
        lead(changed_date) over history as valid_to,
        sum(paid_amount) over history as paid_amount,
        sum(quantity) over history as quantity,
        sum(refunded_amount) over history as refunded_amount
    from changes
    window history as (partition by order_key, customer_key order by changed_date)

    union all

    select
        order_key,
        customer_key,
        paid_date,
        paid_date as valid_from,
        cast(null as date) as valid_to,
        paid_amount,
        quantity,
        cast(0 as decimal(18, 2)) as refunded_amount
    from orders_told_apart
    where not is_changing
),

int_orders_valued as (
    select
        order_key,
        customer_key,
        paid_date,
        valid_from,
        valid_to,
        cast(paid_amount as decimal(18, 2)) as paid_amount,
        cast(paid_amount - refunded_amount as decimal(18, 2)) as net_amount,
        refunded_amount < paid_amount as is_counted,
        cast(quantity as bigint) as quantity
    from periods
    where valid_to is null or valid_from < valid_to
)

select * from int_orders_valued
