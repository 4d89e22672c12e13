-- One row per campaign and value of its plan that names what is not there: a product, an influencer, another campaign.
-- Trap: a product counts as known when the product list has it or any order line; lists of such a campaign are not handed out.
with campaigns as (
    select * from {{ ref('campaigns') }}
),

campaign_values as (
    select * from {{ ref('campaign_values') }}
),

products as (
    select * from {{ ref('products') }}
),

influencers as (
    select * from {{ ref('influencers') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

named as (
    select
        campaign_id,
        parameter,
        value,
        case when parameter = 'influencer_ids' then 'influencer' else 'product' end as kind
    from campaign_values
    where parameter in ('product_ids', 'full_size_product_ids', 'related_product_ids', 'influencer_ids')

    union all

    select
        campaign_id,
        'wave_one_campaign_id' as parameter,
        wave_one_campaign_id as value,
        'campaign' as kind
    from campaigns
    where wave_one_campaign_id is not null

    union all

    select
        campaign_id,
        'base_campaign_id' as parameter,
        base_campaign_id as value,
        'campaign' as kind
    from campaigns
    where base_campaign_id is not null
),

known as (
    select
        'product' as kind,
        product_id as value
    from products

    union

    select
        'product' as kind,
        product_id as value
    from order_lines
    where product_id in (select named.value from named)

    union

    select
        'influencer' as kind,
        influencer_id as value
    from influencers

    union

    select
        'campaign' as kind,
        campaign_id as value
    from campaigns
)

select
    named.campaign_id,
    named.parameter,
    named.value
from named
left join known
    on
        named.kind = known.kind
        and named.value = known.value
where known.value is null
