-- One row per month of the brand: what members and new customers cost, what they bring, and what is left.
-- Trap: own definitions. A contribution is net sales less what was spent on customers, before goods and freight; profit is there
-- where the costs feed tells of both. What the feed tells nothing of in a month is unknown, not zero; the last month lasts.
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
        bool_or(is_told and not is_of_sales) as is_told,
        cast(sum(case when not is_of_sales then cost_amount end) as decimal(18, 2)) as total_cost_amount,
        cast(sum(case when is_of_members then cost_amount else 0 end) as decimal(18, 2)) as member_cost_amount,
        cast(sum(case when cost_type = 'acquisition' then cost_amount end) as decimal(18, 2)) as acquisition_cost_amount,
        cast(sum(case when cost_type = 'goods' then cost_amount end) as decimal(18, 2)) as goods_cost_amount,
        cast(sum(case when cost_type = 'freight' then cost_amount end) as decimal(18, 2)) as freight_cost_amount
    from costs_daily
    group by cast(date_trunc('month', cost_date) as date)
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
        told.total_cost_amount,
        told.member_cost_amount,
        told.acquisition_cost_amount,
        cast(sales.net_amount - told.total_cost_amount as decimal(18, 2)) as contribution_amount,
        cast(members.member_net_amount - told.member_cost_amount as decimal(18, 2)) as member_contribution_amount,
        sold.goods_cost_amount,
        sold.freight_cost_amount,
        cast(sales.net_amount - sold.goods_cost_amount - sold.freight_cost_amount as decimal(18, 2)) as margin_amount,
        cohorts.new_customer_count,
        cohorts.cohort_order_count
    from kpi__sales_periods as sales
    left join kpi__member_periods as members on sales.period_start = members.period_start
    left join costs_by_month as told on sales.period_start = told.month_start and told.is_told
    left join costs_by_month as sold on sales.period_start = sold.month_start
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
    {{ yuan(ratio('acquisition_cost_amount', 'new_customer_count')) }} as acquisition_cost_per_customer,
    cohort_order_count,
    {{ yuan(ratio('acquisition_cost_amount', 'cohort_order_count')) }} as acquisition_cost_per_order,
    goods_cost_amount,
    freight_cost_amount,
    margin_amount,
    {{ ratio('margin_amount', 'net_amount') }} as margin_ratio,
    {{ ratio('margin_amount', 'total_cost_amount') }} as margin_roi,
    cast(margin_amount - total_cost_amount as decimal(18, 2)) as profit_amount,
    {{ ratio('margin_amount - total_cost_amount', 'net_amount') }} as profit_ratio,
    {{ missing_feeds({
        'costs': 'total_cost_amount is null',
        'acquisition costs': 'total_cost_amount is not null and acquisition_cost_amount is null',
        'goods costs': 'goods_cost_amount is null',
        'freight costs': 'freight_cost_amount is null'
    }) }} as missing_feeds
from joined
