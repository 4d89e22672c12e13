-- One row per business day asked for: members whose recency, frequency and value all score high on it.
-- Trap: scores compare the customers of the day with each other, so a member may lose his place without doing anything.
{{ table_by_day() }}

{%- set high = var('rfm_high_score') %}

with due_days as (
    {{ due_days() }}
),

rfm_cutoffs_daily as (
    select * from {{ ref('rfm_cutoffs_daily') }}
),

customer_rfm_periods as (
    select * from {{ ref('customer_rfm_periods') }}
),

int_memberships_merged as (
    select * from {{ ref('int_memberships_merged') }}
),

cutoffs as (
    select
        due_days.as_of_date,
        rfm_cutoffs_daily.recency_days_for_{{ high }} as recency_days,
        rfm_cutoffs_daily.order_count_for_{{ high }} as order_count,
        rfm_cutoffs_daily.net_amount_for_{{ high }} as net_amount
    from due_days
    inner join rfm_cutoffs_daily on due_days.as_of_date = rfm_cutoffs_daily.as_of_date
),

-- Most customers are high in frequency and value on no day at all.
lowest as (
    select
        min(order_count) as order_count,
        min(net_amount) as net_amount,
        min(as_of_date) as first_date,
        max(as_of_date) as last_date
    from cutoffs
),

candidates as (
    select
        customer_rfm_periods.order_count,
        customer_rfm_periods.net_amount,
        customer_rfm_periods.last_paid_date,
        greatest(customer_rfm_periods.valid_from, int_memberships_merged.valid_from) as valid_from,
        least(customer_rfm_periods.valid_to, int_memberships_merged.valid_to) as valid_to
    from customer_rfm_periods
    inner join lowest
        on
            customer_rfm_periods.order_count >= lowest.order_count
            and customer_rfm_periods.net_amount >= lowest.net_amount
            and customer_rfm_periods.valid_from <= lowest.last_date
            and customer_rfm_periods.valid_to > lowest.first_date
    inner join int_memberships_merged on customer_rfm_periods.customer_key = int_memberships_merged.customer_key
),

counts as (
    select
        cutoffs.as_of_date,
        count(*) as member_count
    from cutoffs
    inner join candidates
        on
            cutoffs.as_of_date >= candidates.valid_from
            and cutoffs.as_of_date < candidates.valid_to
            and cutoffs.order_count <= candidates.order_count
            and cutoffs.net_amount <= candidates.net_amount
            and {{ days_between('candidates.last_paid_date', 'cutoffs.as_of_date') }} <= cutoffs.recency_days
    group by cutoffs.as_of_date
)

select
    due_days.as_of_date,
    cast(coalesce(counts.member_count, 0) as bigint) as member_count
from due_days
left join counts on due_days.as_of_date = counts.as_of_date
