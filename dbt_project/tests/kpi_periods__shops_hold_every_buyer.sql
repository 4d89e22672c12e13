-- In a period the brand has no more buyers than its shops together, and no fewer than the shop that has most.
{{ config(meta={'dagster': {'ref': {'name': 'kpi__sales_periods'}}}) }}

with periods as (
    select * from {{ ref('kpi__sales_periods') }}
),

shops as (
    select
        period_type,
        coalesce(campaign_id, '') as campaign_id,
        period_start,
        max(buyer_count) as most_buyer_count,
        sum(buyer_count) as buyer_count
    from periods
    where scope = 'shop'
    group by period_type, coalesce(campaign_id, ''), period_start
)

select
    periods.period_type,
    periods.period_start,
    periods.buyer_count
from periods
inner join shops
    on
        periods.period_type = shops.period_type
        and coalesce(periods.campaign_id, '') = shops.campaign_id
        and periods.period_start = shops.period_start
where
    periods.scope = 'brand'
    and (periods.buyer_count > shops.buyer_count or periods.buyer_count < shops.most_buyer_count)
