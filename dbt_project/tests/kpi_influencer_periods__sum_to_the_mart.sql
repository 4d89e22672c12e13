-- Days, weeks and months of influencers sum to their sales by day.
{{ config(meta={'dagster': {'ref': {'name': 'kpi__influencer_periods'}}}) }}

with periods as (
    select
        period_type,
        sum(order_count) as order_count,
        sum(paid_amount) as paid_amount,
        sum(net_amount) as net_amount
    from {{ ref('kpi__influencer_periods') }}
    where period_type <> 'campaign'
    group by period_type
),

days as (
    select
        coalesce(sum(order_count), 0) as order_count,
        coalesce(sum(paid_amount), 0) as paid_amount,
        coalesce(sum(net_amount), 0) as net_amount
    from {{ ref('influencer_sales_daily') }}
)

select
    periods.period_type,
    periods.paid_amount
from periods
cross join days
where
    periods.order_count <> days.order_count
    or periods.paid_amount <> days.paid_amount
    or periods.net_amount <> days.net_amount
