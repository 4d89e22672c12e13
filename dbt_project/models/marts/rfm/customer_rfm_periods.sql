-- One row per customer and period [valid_from, valid_to) in which the values of his RFM window stayed the same.
-- Trap: a function of events alone: periods reach into the future, since purchases will leave the window then. As of a day, join
-- on `valid_from <= day and day < valid_to`; who has no purchase that stands in the window has no row.
{{ renewed_table('forget_touched()') }}

with int_purchase_days_valued as (
    select * from {{ ref('int_purchase_days_valued') }}
    where {{ is_touched() }}
),

int_refunds_matched as (
    select * from {{ ref('int_refunds_matched') }}
    where
        is_successful
        and pending_reason is null
        and refund_type <> 'price_protection'
        and customer_key is not null
        and {{ is_touched() }}
),

-- What is in the window, and when: a purchase day from the day it was paid on, whatever of it stands.
contributions as (
    select
        customer_key,
        paid_date,
        valid_from,
        least(valid_to, {{ days_after('paid_date', var('rfm_window_days')) }}) as valid_to,
        is_lasting,
        order_count,
        case when order_count > 0 then 1 else 0 end as purchase_day_count,
        net_amount,
        paid_amount,
        0 as refund_count,
        quantity
    from int_purchase_days_valued
    where valid_from < {{ days_after('paid_date', var('rfm_window_days')) }}

    union all

    select
        customer_key,
        cast(null as date) as paid_date,
        cast(refunded_at as date) as valid_from,
        {{ days_after('cast(refunded_at as date)', var('rfm_window_days')) }} as valid_to,
        false as is_lasting,
        0 as order_count,
        0 as purchase_day_count,
        0 as net_amount,
        0 as paid_amount,
        1 as refund_count,
        0 as quantity
    from int_refunds_matched
),

signs as (
    select 1 as sign
    union all
    select -1 as sign
),

changes as (
    select
        contributions.customer_key,
        case when signs.sign = 1 then contributions.valid_from else contributions.valid_to end as changed_date,
        case when signs.sign = 1 and contributions.is_lasting then contributions.paid_date end as lasting_paid_date,
        signs.sign * contributions.order_count as order_count,
        signs.sign * contributions.purchase_day_count as purchase_day_count,
        signs.sign * contributions.net_amount as net_amount,
        signs.sign * contributions.paid_amount as paid_amount,
        signs.sign * contributions.refund_count as refund_count,
        signs.sign * contributions.quantity as quantity
    from contributions
    cross join signs
),

-- Of several changes on one date only the last is followed by a later one: the periods of the others are empty.
accumulated as (
    select
        customer_key,
        changed_date as valid_from,
        lead(changed_date) over history as valid_to,
        max(lasting_paid_date) over history as lasting_paid_date,
        sum(order_count) over history as order_count,
        sum(purchase_day_count) over history as purchase_day_count,
        sum(net_amount) over history as net_amount,
        sum(paid_amount) over history as paid_amount,
        sum(refund_count) over history as refund_count,
        sum(quantity) over history as quantity
    from changes
    window history as (partition by customer_key order by changed_date)
),

-- Few purchase days are cut short by full refunds: which is the latest of those that stand is looked up among themselves.
cut_short as (
    select * from contributions
    where order_count > 0 and not is_lasting
),

cut_short_dates as (
    select
        customer_key,
        valid_from as changed_date
    from cut_short
    union
    select
        customer_key,
        valid_to as changed_date
    from cut_short
),

cut_short_periods as (
    select
        cut_short_dates.customer_key,
        cut_short_dates.changed_date as valid_from,
        lead(cut_short_dates.changed_date) over (
            partition by cut_short_dates.customer_key order by cut_short_dates.changed_date
        ) as valid_to,
        max(cut_short.paid_date) as paid_date
    from cut_short_dates
    left join cut_short
        on
            cut_short_dates.customer_key = cut_short.customer_key
            and cut_short_dates.changed_date >= cut_short.valid_from
            and cut_short_dates.changed_date < cut_short.valid_to
    group by cut_short_dates.customer_key, cut_short_dates.changed_date
)

select
    accumulated.customer_key,
    accumulated.valid_from,
    accumulated.valid_to,
    greatest(
        case
            when accumulated.lasting_paid_date > {{ days_before('accumulated.valid_from', var('rfm_window_days')) }}
                then accumulated.lasting_paid_date
        end,
        cut_short_periods.paid_date
    ) as last_paid_date,
    cast(accumulated.order_count as bigint) as order_count,
    cast(accumulated.purchase_day_count as bigint) as purchase_day_count,
    cast(accumulated.net_amount as decimal(18, 2)) as net_amount,
    cast(accumulated.paid_amount as decimal(18, 2)) as paid_amount,
    cast(accumulated.refund_count as bigint) as refund_count,
    cast(accumulated.quantity as bigint) as quantity
from accumulated
left join cut_short_periods
    on
        accumulated.customer_key = cut_short_periods.customer_key
        and accumulated.valid_from >= cut_short_periods.valid_from
        and accumulated.valid_from < cut_short_periods.valid_to
where accumulated.order_count > 0 and accumulated.valid_from < accumulated.valid_to
