-- Comparing with the cuts gives what ranking all customers of the day gives: ceil(5 × cume_dist).
{{ config(meta={'dagster': {'ref': {'name': 'rfm_cutoffs_daily'}}}) }}

with cutoffs as (
    select * from {{ ref('rfm_cutoffs_daily') }}
),

periods as (
    select * from {{ ref('customer_rfm_periods') }}
),

last_day as (
    select max(as_of_date) as as_of_date
    from cutoffs
    where {{ is_of_todays_logic('as_of_date', ['rfm_cutoffs_daily']) }}
),

ranked as (
    select
        last_day.as_of_date,
        periods.customer_key,
        periods.order_count,
        periods.net_amount,
        {{ days_between('periods.last_paid_date', 'last_day.as_of_date') }} as recency_days,
        ceil(5 * cume_dist() over (order by periods.last_paid_date asc)) as r_score,
        ceil(5 * cume_dist() over (order by periods.order_count asc)) as f_score,
        ceil(5 * cume_dist() over (order by periods.net_amount asc)) as m_score
    from periods
    inner join last_day on periods.valid_from <= last_day.as_of_date and periods.valid_to > last_day.as_of_date
)

select
    ranked.customer_key,
    ranked.r_score,
    ranked.f_score,
    ranked.m_score
from ranked
inner join cutoffs on ranked.as_of_date = cutoffs.as_of_date
where
    (ranked.r_score >= 2) <> (ranked.recency_days <= cutoffs.recency_days_for_2)
    or (ranked.r_score >= 3) <> (ranked.recency_days <= cutoffs.recency_days_for_3)
    or (ranked.r_score >= 4) <> (ranked.recency_days <= cutoffs.recency_days_for_4)
    or (ranked.r_score >= 5) <> (ranked.recency_days <= cutoffs.recency_days_for_5)
    or (ranked.f_score >= 2) <> (ranked.order_count >= cutoffs.order_count_for_2)
    or (ranked.f_score >= 3) <> (ranked.order_count >= cutoffs.order_count_for_3)
    or (ranked.f_score >= 4) <> (ranked.order_count >= cutoffs.order_count_for_4)
    or (ranked.f_score >= 5) <> (ranked.order_count >= cutoffs.order_count_for_5)
    or (ranked.m_score >= 2) <> (ranked.net_amount >= cutoffs.net_amount_for_2)
    or (ranked.m_score >= 3) <> (ranked.net_amount >= cutoffs.net_amount_for_3)
    or (ranked.m_score >= 4) <> (ranked.net_amount >= cutoffs.net_amount_for_4)
    or (ranked.m_score >= 5) <> (ranked.net_amount >= cutoffs.net_amount_for_5)
