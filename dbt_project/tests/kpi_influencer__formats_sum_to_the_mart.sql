-- The published influencer figures add up to the mart they choose from.
{{ config(meta={'dagster': {'ref': {'name': 'kpi__influencer_daily'}}}) }}

with output as (
    select
        coalesce(sum(paid_amount), 0) as paid_amount,
        coalesce(sum(net_amount), 0) as net_amount
    from {{ ref('kpi__influencer_daily') }}
    where {{ is_of_todays_logic('paid_date', ['influencer_format_sales_daily', 'influencer_sales_daily']) }}
),

mart as (
    select
        coalesce(sum(paid_amount), 0) as paid_amount,
        coalesce(sum(net_amount), 0) as net_amount
    from {{ ref('influencer_sales_daily') }}
    where {{ is_of_todays_logic('paid_date', ['influencer_format_sales_daily', 'influencer_sales_daily']) }}
)

select
    output.paid_amount as output_amount,
    mart.paid_amount as mart_amount
from output
cross join mart
where output.paid_amount <> mart.paid_amount or output.net_amount <> mart.net_amount
