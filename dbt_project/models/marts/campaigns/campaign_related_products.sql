-- One row per campaign, business day, product of the campaign and related product, the most related one first.
-- Trap: those that the plan names count instead of all others, even if nobody bought both; else the `top_count` of highest lift.
{{ config(materialized='view') }}

with campaigns as (
    select * from {{ ref('campaigns') }}
),

campaign_values as (
    select * from {{ ref('campaign_values') }}
    where parameter = 'related_product_ids'
),

campaign_product_days as (
    select * from {{ ref('campaign_product_days') }}
),

campaign_product_pairs as (
    select * from {{ ref('campaign_product_pairs') }}
),

-- The pairs are read here once more: an import that is read twice is kept in memory whole.
named as (
    select
        campaign_product_days.campaign_id,
        campaign_product_days.as_of_date,
        campaign_product_days.product_id,
        campaign_values.value as related_product_id
    from campaign_product_days
    inner join campaign_values on campaign_product_days.campaign_id = campaign_values.campaign_id
    where campaign_product_days.product_id <> campaign_values.value
),

measured as (
    select
        named.campaign_id,
        named.as_of_date,
        named.product_id,
        named.related_product_id,
        true as is_named,
        coalesce(pairs.buyer_count, 0) as buyer_count,
        {{ ratio(
            'pairs.buyer_count * pairs.total_buyer_count',
            'pairs.product_buyer_count * pairs.related_product_buyer_count'
        ) }} as lift
    from named
    left join {{ ref('campaign_product_pairs') }} as pairs
        on
            named.campaign_id = pairs.campaign_id
            and named.as_of_date = pairs.as_of_date
            and named.product_id = pairs.product_id
            and named.related_product_id = pairs.related_product_id

    union all

    select
        campaign_id,
        as_of_date,
        product_id,
        related_product_id,
        false as is_named,
        buyer_count,
        {{ ratio('buyer_count * total_buyer_count', 'product_buyer_count * related_product_buyer_count') }} as lift
    from campaign_product_pairs
    where campaign_id not in (select campaign_values.campaign_id from campaign_values)
),

ranked as (
    select
        *,
        row_number() over (
            partition by campaign_id, as_of_date, product_id
            order by coalesce(lift, 0) desc, buyer_count desc, related_product_id asc
        ) as related_rank
    from measured
)

select
    ranked.campaign_id,
    ranked.as_of_date,
    ranked.product_id,
    ranked.related_product_id,
    cast(ranked.related_rank as bigint) as related_rank,
    ranked.buyer_count,
    ranked.lift,
    ranked.is_named
from ranked
inner join campaigns on ranked.campaign_id = campaigns.campaign_id
where
    ranked.is_named
    or ranked.related_rank <= case campaigns.template when 'associated_purchase' then campaigns.top_count else 1 end
