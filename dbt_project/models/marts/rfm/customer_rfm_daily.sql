-- One row per customer and business day on which the window holds a purchase that stands.
-- Trap: everything is as of the end of the day: a refund of next week does not reach back. A fully refunded order counts in
-- neither F nor M; scores are ceil(5 × cume_dist), 5 is best, equal values get equal scores. A view: ask for an as_of_date by its
-- date, since a subquery in its place computes all days first.
{{ config(materialized='view') }}

with customer_rfm_periods as (
    select * from {{ ref('customer_rfm_periods') }}
),

rfm_cutoffs_daily as (
    select * from {{ ref('rfm_cutoffs_daily') }}
),

customer_days as (
    select
        rfm_cutoffs_daily.*,
        customer_rfm_periods.*,
        {{ days_between('customer_rfm_periods.last_paid_date', 'rfm_cutoffs_daily.as_of_date') }} as recency_days
    from rfm_cutoffs_daily
    inner join customer_rfm_periods
        on
            rfm_cutoffs_daily.as_of_date >= customer_rfm_periods.valid_from
            and rfm_cutoffs_daily.as_of_date < customer_rfm_periods.valid_to
),

scored as (
    select
        *,
        case
            when recency_days <= recency_days_for_5 then 5
            when recency_days <= recency_days_for_4 then 4
            when recency_days <= recency_days_for_3 then 3
            when recency_days <= recency_days_for_2 then 2
            else 1
        end as r_score,
        case
            when order_count >= order_count_for_5 then 5
            when order_count >= order_count_for_4 then 4
            when order_count >= order_count_for_3 then 3
            when order_count >= order_count_for_2 then 2
            else 1
        end as f_score,
        case
            when net_amount >= net_amount_for_5 then 5
            when net_amount >= net_amount_for_4 then 4
            when net_amount >= net_amount_for_3 then 3
            when net_amount >= net_amount_for_2 then 2
            else 1
        end as m_score
    from customer_days
)

select
    as_of_date,
    customer_key,
    cast(recency_days as bigint) as recency_days,
    order_count,
    purchase_day_count,
    net_amount,
    paid_amount,
    refund_count,
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
