-- One row per customer and period [valid_from, valid_to) with one number of purchase days that stand: ever, and lately.
-- Trap: numbers are cut at var('several_purchase_days'): more are not told apart. Periods reach into the future, since purchases
-- will leave the window then; before a first purchase that stands there is no row.
{{ renewed_table('forget_touched()') }}

with purchases as (
    select
        customer_key,
        valid_from,
        valid_to,
        greatest(valid_from, least(valid_to, {{ days_after('paid_date', var('buyer_window_days')) }})) as recent_to
    from {{ ref('int_purchase_days_valued') }}
    where order_count > 0 and {{ is_touched() }}
),

changes as (
    select
        customer_key,
        valid_from as changed_date,
        1 as change,
        1 as recent_change
    from purchases
    union all
    select
        customer_key,
        valid_to as changed_date,
        -1 as change,
        0 as recent_change
    from purchases
    where valid_to is not null
    union all
    select
        customer_key,
        recent_to as changed_date,
        0 as change,
        -1 as recent_change
    from purchases
),

changes_by_day as (
    select
        customer_key,
        changed_date,
        sum(change) as change,
        sum(recent_change) as recent_change
    from changes
    group by customer_key, changed_date
),

accumulated as (
    select
        customer_key,
        changed_date,
        least(sum(change) over history, {{ var('several_purchase_days') }}) as purchase_day_count,
        least(sum(recent_change) over history, {{ var('several_purchase_days') }}) as recent_purchase_day_count
    from changes_by_day
    window history as (partition by customer_key order by changed_date)
),

followed as (
    select
        *,
        lag(purchase_day_count) over history as earlier_count,
        lag(recent_purchase_day_count) over history as earlier_recent_count
    from accumulated
    window history as (partition by customer_key order by changed_date)
),

periods as (
    select
        customer_key,
        changed_date as valid_from,
        lead(changed_date) over (partition by customer_key order by changed_date) as valid_to,
        cast(purchase_day_count as bigint) as purchase_day_count,
        cast(recent_purchase_day_count as bigint) as recent_purchase_day_count
    from followed
    where
        earlier_count is null
        or purchase_day_count <> earlier_count
        or recent_purchase_day_count <> earlier_recent_count
),

int_buyers_classified as (
    select * from periods
    where purchase_day_count > 0
)

select * from int_buyers_classified
