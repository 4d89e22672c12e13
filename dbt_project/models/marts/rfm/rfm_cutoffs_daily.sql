-- One row per business day asked for: how recent, frequent and valuable a customer must be for each RFM score.
-- Trap: a score is ceil(5 × cume_dist) among the customers of the day, so equal values get equal scores, and a score that
-- nobody gets has the cut of the next one. Recency is reversed: fewer days score more. Null where nobody bought in the window.
{{ table_by_day() }}

with due_days as (
    {{ due_days() }}
),

customer_rfm_periods as (
    select * from {{ ref('customer_rfm_periods') }}
),

due_range as (
    select
        min(as_of_date) as first_date,
        max(as_of_date) as last_date
    from due_days
),

-- Days and orders have few values; amounts are put in bins half a percent wide, so that no customer is sorted for any day.
periods as (
    select
        greatest(customer_rfm_periods.valid_from, due_range.first_date) as valid_from,
        customer_rfm_periods.valid_to,
        customer_rfm_periods.net_amount,
        {{ days_between("cast('1970-01-01' as date)", 'customer_rfm_periods.last_paid_date') }} as paid_day,
        customer_rfm_periods.order_count,
        cast(floor(200 * ln(customer_rfm_periods.net_amount)) as bigint) as amount_bin
    from customer_rfm_periods
    inner join due_range
        on
            customer_rfm_periods.valid_from <= due_range.last_date
            and customer_rfm_periods.valid_to > due_range.first_date
),

changes as (
    select
        valid_from as changed_date,
        1 as customer_count,
        paid_day,
        order_count,
        amount_bin
    from periods
    union all
    select
        valid_to as changed_date,
        -1 as customer_count,
        paid_day,
        order_count,
        amount_bin
    from periods
),

changes_by_value as (
    select
        changed_date,
        case when paid_day is not null then 'r' when order_count is not null then 'f' else 'm' end as measure,
        coalesce(paid_day, order_count, amount_bin) as measured_value,
        sum(customer_count) as customer_count
    from changes
    group by grouping sets ((changed_date, paid_day), (changed_date, order_count), (changed_date, amount_bin))
),

counts_by_value as (
    select
        measure,
        measured_value,
        changed_date as valid_from,
        lead(changed_date) over history as valid_to,
        sum(customer_count) over history as customer_count
    from changes_by_value
    window history as (partition by measure, measured_value order by changed_date)
),

ranked as (
    select
        due_days.as_of_date,
        counts_by_value.measure,
        counts_by_value.measured_value,
        sum(counts_by_value.customer_count) over from_below as count_up_to,
        sum(counts_by_value.customer_count) over from_below - counts_by_value.customer_count as count_below,
        sum(counts_by_value.customer_count) over (
            partition by due_days.as_of_date, counts_by_value.measure
        ) as count_of_day
    from due_days
    inner join counts_by_value
        on
            due_days.as_of_date >= counts_by_value.valid_from
            and due_days.as_of_date < counts_by_value.valid_to
    where counts_by_value.customer_count > 0
    window from_below as (
        partition by due_days.as_of_date, counts_by_value.measure order by counts_by_value.measured_value
    )
),

-- Only the bins in which a score begins are looked into: those that hold a whole fifth of the day's customers between their
-- first and their last.
ranked_amounts as (
    select
        ranked.as_of_date,
        periods.net_amount,
        ranked.count_below + sum(count(*)) over (
            partition by ranked.as_of_date, ranked.measured_value order by periods.net_amount
        ) as count_up_to,
        ranked.count_of_day
    from ranked
    inner join periods
        on
            ranked.measured_value = periods.amount_bin
            and ranked.as_of_date >= periods.valid_from
            and ranked.as_of_date < periods.valid_to
    where
        ranked.measure = 'm'
        and ceil(5 * ranked.count_below / ranked.count_of_day) < 5 * ranked.count_up_to / ranked.count_of_day
    group by
        ranked.as_of_date, ranked.measured_value, periods.net_amount, ranked.count_below, ranked.count_of_day
),

joined as (
    select
        as_of_date,
        measure,
        cast(measured_value as decimal(18, 2)) as measured_value,
        count_up_to,
        count_of_day
    from ranked
    where measure <> 'm'
    union all
    select
        as_of_date,
        'm' as measure,
        net_amount as measured_value,
        count_up_to,
        count_of_day
    from ranked_amounts
),

-- A score begins with the first value up to which there are more customers than in the fifths below it.
cuts as (
    select
        as_of_date,
        measure,
        min(count_of_day) as customer_count,
        min(case when 5 * count_up_to > count_of_day then measured_value end) as score_2,
        min(case when 5 * count_up_to > 2 * count_of_day then measured_value end) as score_3,
        min(case when 5 * count_up_to > 3 * count_of_day then measured_value end) as score_4,
        min(case when 5 * count_up_to > 4 * count_of_day then measured_value end) as score_5
    from joined
    group by as_of_date, measure
)

select
    due_days.as_of_date,
    cast(coalesce(r.customer_count, 0) as bigint) as customer_count,
    {{ days_between("cast('1970-01-01' as date)", 'due_days.as_of_date') }} - cast(r.score_2 as bigint) as recency_days_for_2,
    {{ days_between("cast('1970-01-01' as date)", 'due_days.as_of_date') }} - cast(r.score_3 as bigint) as recency_days_for_3,
    {{ days_between("cast('1970-01-01' as date)", 'due_days.as_of_date') }} - cast(r.score_4 as bigint) as recency_days_for_4,
    {{ days_between("cast('1970-01-01' as date)", 'due_days.as_of_date') }} - cast(r.score_5 as bigint) as recency_days_for_5,
    cast(f.score_2 as bigint) as order_count_for_2,
    cast(f.score_3 as bigint) as order_count_for_3,
    cast(f.score_4 as bigint) as order_count_for_4,
    cast(f.score_5 as bigint) as order_count_for_5,
    m.score_2 as net_amount_for_2,
    m.score_3 as net_amount_for_3,
    m.score_4 as net_amount_for_4,
    m.score_5 as net_amount_for_5
from due_days
left join cuts as r on due_days.as_of_date = r.as_of_date and r.measure = 'r'
left join cuts as f on due_days.as_of_date = f.as_of_date and f.measure = 'f'
left join cuts as m on due_days.as_of_date = m.as_of_date and m.measure = 'm'
