-- One row per campaign, business day, product of the campaign and related product, the most related one first.
-- Trap: those that the plan names count instead of all others, even if nobody bought both; else those that lead.
{{ config(materialized='view') }}

with campaign_values as (
    select * from {{ ref('campaign_values') }}
    where parameter = 'related_product_ids'
),

campaign_product_days as (
    select * from {{ ref('campaign_product_days') }}
),

campaign_leading_pairs as (
    select * from {{ ref('campaign_leading_pairs') }}
),

named as (
    select
        campaign_product_days.campaign_id,
        campaign_product_days.as_of_date,
        campaign_product_days.product_id,
        campaign_values.value as related_product_id,
        coalesce(pairs.buyer_count, 0) as buyer_count,
        pairs.lift
    from campaign_product_days
    inner join campaign_values
        on
            campaign_product_days.campaign_id = campaign_values.campaign_id
            and campaign_product_days.product_id <> campaign_values.value
    left join campaign_leading_pairs as pairs
        on
            campaign_product_days.campaign_id = pairs.campaign_id
            and campaign_product_days.as_of_date = pairs.as_of_date
            and campaign_product_days.product_id = pairs.product_id
            and campaign_values.value = pairs.related_product_id
)

select
    campaign_id,
    as_of_date,
    product_id,
    related_product_id,
    row_number() over (
        partition by campaign_id, as_of_date, product_id
        order by coalesce(lift, 0) desc, buyer_count desc, related_product_id asc
    ) as related_rank,
    buyer_count,
    lift,
    true as is_named
from named

union all

select
    campaign_id,
    as_of_date,
    product_id,
    related_product_id,
    related_rank,
    buyer_count,
    lift,
    false as is_named
from campaign_leading_pairs
where campaign_id not in (select campaign_values.campaign_id from campaign_values)
