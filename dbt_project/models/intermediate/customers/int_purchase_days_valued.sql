-- One row per customer, business day with a purchase and period in which what was bought on that day stayed the same.
-- Trap: order_count is 0 while every order of the day is fully refunded; paid_amount is gross of refunds. As of a day, join on
-- `valid_from <= day and (valid_to is null or day < valid_to)`.
{{ renewed_table('forget_touched()') }}

with int_orders_valued as (
    select * from {{ ref('int_orders_valued') }}
    where {{ is_touched() }}
),

orders as (
    select
        customer_key,
        paid_date,
        valid_from,
        valid_to,
        paid_amount,
        case when is_counted then 1 else 0 end as order_count,
        case when is_counted then net_amount else 0 end as net_amount,
        case when is_counted then quantity else 0 end as quantity
    from int_orders_valued
),

days as (
    select
        customer_key,
        paid_date,
        count(valid_to) > 0 as is_changing,
        sum(order_count) as order_count,
        sum(net_amount) as net_amount,
        sum(paid_amount) as paid_amount,
        sum(quantity) as quantity
    from orders
    group by customer_key, paid_date
),

-- Most days never change: only the others need their changes put in order.
orders_of_changing_days as (
    select orders.*
    from orders
    inner join days
        on
            orders.customer_key = days.customer_key
            and orders.paid_date = days.paid_date
    where days.is_changing
),

changes as (
    select
        customer_key,
        paid_date,
        valid_from as changed_date,
        order_count,
        net_amount,
        paid_amount,
        quantity
    from orders_of_changing_days

    union all

    select
        customer_key,
        paid_date,
        valid_to as changed_date,
        -order_count as order_count,
        -net_amount as net_amount,
        -paid_amount as paid_amount,
        -quantity as quantity
    from orders_of_changing_days
    where valid_to is not null
),

-- Of several changes on one date only the last is followed by a later one: the periods of the others are empty.
accumulated as (
    select
        customer_key,
        paid_date,
        changed_date as valid_from,
        lead(changed_date) over history as valid_to,
        sum(order_count) over history as order_count,
        sum(net_amount) over history as net_amount,
        sum(paid_amount) over history as paid_amount,
        sum(quantity) over history as quantity
    from changes
    window history as (partition by customer_key, paid_date order by changed_date)
),

int_purchase_days_valued as (
    select
        customer_key,
        paid_date,
        paid_date as valid_from,
        cast(null as date) as valid_to,
        cast(order_count as bigint) as order_count,
        cast(net_amount as decimal(18, 2)) as net_amount,
        cast(paid_amount as decimal(18, 2)) as paid_amount,
        cast(quantity as bigint) as quantity,
        order_count > 0 as is_lasting
    from days
    where not is_changing

    union all

    select
        customer_key,
        paid_date,
        valid_from,
        valid_to,
        cast(order_count as bigint) as order_count,
        cast(net_amount as decimal(18, 2)) as net_amount,
        cast(paid_amount as decimal(18, 2)) as paid_amount,
        cast(quantity as bigint) as quantity,
        min(order_count) over (partition by customer_key, paid_date) > 0 as is_lasting
    from accumulated
    where valid_to is null or valid_from < valid_to
)

select * from int_purchase_days_valued
