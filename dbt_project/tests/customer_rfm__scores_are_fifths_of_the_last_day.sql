-- Comparing with the cuts gives what ranking all customers of the day gives: ceil(5 × cume_dist).
{{ config(meta={'dagster': {'ref': {'name': 'customer_rfm_daily'}}}) }}

with customer_rfm_daily as (
    select * from {{ ref('customer_rfm_daily') }}
),

rfm_cutoffs_daily as (
    select * from {{ ref('rfm_cutoffs_daily') }}
),

last_day as (
    select max(as_of_date) as as_of_date from rfm_cutoffs_daily
),

ranked as (
    select
        customer_rfm_daily.customer_key,
        customer_rfm_daily.r_score,
        customer_rfm_daily.f_score,
        customer_rfm_daily.m_score,
        ceil(5 * cume_dist() over (order by customer_rfm_daily.recency_days desc)) as r_rank,
        ceil(5 * cume_dist() over (order by customer_rfm_daily.order_count asc)) as f_rank,
        ceil(5 * cume_dist() over (order by customer_rfm_daily.net_amount asc)) as m_rank
    from customer_rfm_daily
    inner join last_day on customer_rfm_daily.as_of_date = last_day.as_of_date
)

select
    customer_key,
    r_score,
    r_rank,
    f_score,
    f_rank,
    m_score,
    m_rank
from ranked
where r_score <> r_rank or f_score <> f_rank or m_score <> m_rank
