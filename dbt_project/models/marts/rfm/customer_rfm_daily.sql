-- One row per customer and business day on which the window holds a purchase that stands.
-- Trap: everything is as of the end of the day: a refund of next week does not reach back. A fully refunded order counts in
-- neither F nor M; scores are ceil(5 × cume_dist), 5 is best, equal values get equal scores.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_due_days() }}",
    post_hook="{{ remember_built_days() }}"
) }}

with due_days as (
    {{ due_days() }}
),

orders as (
    select * from {{ ref('int_orders_valued') }}
),

refunds as (
    select * from {{ ref('int_refunds_matched') }}
),

orders_in_window as (
    select
        due_days.as_of_date,
        orders.customer_key,
        orders.paid_date,
        orders.paid_amount,
        orders.net_amount,
        orders.quantity,
        orders.is_counted
    from due_days
    inner join orders
        on
            orders.valid_from <= due_days.as_of_date
            and (orders.valid_to is null or due_days.as_of_date < orders.valid_to)
            and orders.paid_date > {{ days_before('due_days.as_of_date', var('rfm_window_days')) }}
),

values_by_customer as (
    select
        as_of_date,
        customer_key,
        max(case when is_counted then paid_date end) as last_paid_date,
        sum(case when is_counted then 1 else 0 end) as order_count,
        count(distinct case when is_counted then paid_date end) as purchase_day_count,
        sum(case when is_counted then net_amount else 0 end) as net_amount,
        sum(paid_amount) as paid_amount,
        sum(case when is_counted then quantity else 0 end) as quantity
    from orders_in_window
    group by as_of_date, customer_key
),

refunds_by_customer as (
    select
        due_days.as_of_date,
        refunds.customer_key,
        count(*) as refund_count
    from due_days
    inner join refunds
        on
            cast(refunds.refunded_at as date) <= due_days.as_of_date
            and cast(refunds.refunded_at as date) > {{ days_before('due_days.as_of_date', var('rfm_window_days')) }}
    where
        refunds.is_successful
        and refunds.pending_reason is null
        and refunds.refund_type <> 'price_protection'
        and refunds.customer_key is not null
    group by due_days.as_of_date, refunds.customer_key
),

customer_values as (
    select
        values_by_customer.as_of_date,
        values_by_customer.customer_key,
        {{ days_between('values_by_customer.last_paid_date', 'values_by_customer.as_of_date') }} as recency_days,
        values_by_customer.order_count,
        values_by_customer.purchase_day_count,
        values_by_customer.net_amount,
        values_by_customer.paid_amount,
        coalesce(refunds_by_customer.refund_count, 0) as refund_count,
        values_by_customer.quantity
    from values_by_customer
    left join refunds_by_customer
        on
            values_by_customer.as_of_date = refunds_by_customer.as_of_date
            and values_by_customer.customer_key = refunds_by_customer.customer_key
    where values_by_customer.order_count > 0
),

scored as (
    select
        *,
        ceil(5 * cume_dist() over (partition by as_of_date order by recency_days desc)) as r_score,
        ceil(5 * cume_dist() over (partition by as_of_date order by order_count asc)) as f_score,
        ceil(5 * cume_dist() over (partition by as_of_date order by net_amount asc)) as m_score
    from customer_values
)

select
    as_of_date,
    customer_key,
    cast(recency_days as bigint) as recency_days,
    cast(order_count as bigint) as order_count,
    cast(purchase_day_count as bigint) as purchase_day_count,
    cast(net_amount as decimal(18, 2)) as net_amount,
    cast(paid_amount as decimal(18, 2)) as paid_amount,
    cast(refund_count as bigint) as refund_count,
    cast(cast(quantity as double) / order_count as decimal(18, 4)) as average_items_per_order,
    cast(r_score as bigint) as r_score,
    cast(f_score as bigint) as f_score,
    cast(m_score as bigint) as m_score,
    case when m_score >= {{ var('rfm_high_score') }} then 'important' else 'general' end
    || case
        when r_score >= {{ var('rfm_high_score') }} and f_score >= {{ var('rfm_high_score') }} then '_value'
        when r_score >= {{ var('rfm_high_score') }} then '_develop'
        when f_score >= {{ var('rfm_high_score') }} then '_recall'
        else '_retain'
    end as rfm_segment
from scored
