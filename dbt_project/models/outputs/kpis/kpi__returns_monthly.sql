-- One row per month of the brand: what members and new customers cost, what they bring, and what is left.
-- Trap: own definitions. The costs feed knows neither goods nor freight, so a contribution is net sales less what was spent on
-- customers. A month of which the feed tells nothing has no costs, not zero; the last month lasts until its end.
with costs_daily as (
    select * from {{ ref('costs_daily') }}
),

kpi__sales_periods as (
    select * from {{ ref('kpi__sales_periods') }}
    where period_type = 'month' and scope = 'brand'
),

kpi__member_periods as (
    select * from {{ ref('kpi__member_periods') }}
    where period_type = 'month' and scope = 'brand'
),

kpi__ltv_cohorts as (
    select * from {{ ref('kpi__ltv_cohorts') }}
    where scope = 'brand'
),

costs_by_month as (
    select
        cast(date_trunc('month', cost_date) as date) as month_start,
        sum(cost_amount) as total_cost_amount,
        sum(case when is_of_members then cost_amount else 0 end) as member_cost_amount,
        sum(case when cost_type = 'acquisition' then cost_amount end) as acquisition_cost_amount
    from costs_daily
    group by cast(date_trunc('month', cost_date) as date)
    having bool_or(is_told)
),

cohorts as (
    select
        cohort_month,
        max(customer_count) as new_customer_count,
        max(order_count) as cohort_order_count
    from kpi__ltv_cohorts
    group by cohort_month
),

joined as (
    select
        sales.period_start as month_start,
        sales.is_complete,
        sales.net_amount,
        members.member_net_amount,
        cast(costs_by_month.total_cost_amount as decimal(18, 2)) as total_cost_amount,
        cast(costs_by_month.member_cost_amount as decimal(18, 2)) as member_cost_amount,
        cast(costs_by_month.acquisition_cost_amount as decimal(18, 2)) as acquisition_cost_amount,
        cast(sales.net_amount - costs_by_month.total_cost_amount as decimal(18, 2)) as contribution_amount,
        cast(members.member_net_amount - costs_by_month.member_cost_amount as decimal(18, 2)) as member_contribution_amount,
        cohorts.new_customer_count,
        cohorts.cohort_order_count
    from kpi__sales_periods as sales
    left join kpi__member_periods as members on sales.period_start = members.period_start
    left join costs_by_month on sales.period_start = costs_by_month.month_start
    left join cohorts on sales.period_start = cohorts.cohort_month
)

select
    month_start,
    is_complete,
    net_amount,
    member_net_amount,
    total_cost_amount,
    contribution_amount,
    {{ ratio('contribution_amount', 'net_amount') }} as contribution_ratio,
    member_cost_amount,
    {{ ratio('member_net_amount', 'member_cost_amount') }} as member_roi,
    member_contribution_amount,
    {{ ratio('member_contribution_amount', 'contribution_amount') }} as member_contribution_ratio,
    acquisition_cost_amount,
    new_customer_count,
    cast({{ ratio('acquisition_cost_amount', 'new_customer_count') }} as decimal(18, 2)) as acquisition_cost_per_customer,
    cohort_order_count,
    cast({{ ratio('acquisition_cost_amount', 'cohort_order_count') }} as decimal(18, 2)) as acquisition_cost_per_order,
    case
        when total_cost_amount is null then 'costs'
        when acquisition_cost_amount is null then 'acquisition costs'
    end as missing_feeds
from joined
