-- One row per campaign and product, influencer, level or store that its plan or filter names: since when somebody knows it.
-- Trap: what a list of the brand names is known on every day, what was only sold from the first day on which it was paid, a
-- level from its first member on, a store from its first card; without a date nobody knows it.
with campaign_values as (
    select * from {{ ref('campaign_values') }}
    where parameter in (
        'product_ids', 'full_size_product_ids', 'related_product_ids', 'influencer_ids', 'member_levels', 'store_ids'
    )
),

campaign_conditions as (
    select * from {{ ref('campaign_conditions') }}
    where fact in ('product_id', 'influencer_id', 'member_level')
),

products as (
    select * from {{ ref('products') }}
),

listed_influencers as (
    select * from {{ ref('stg_generic__influencers') }}
),

influencers as (
    select * from {{ ref('influencers') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
    where paid_date is not null
),

membership_levels as (
    select * from {{ ref('membership_levels') }}
),

offline_members as (
    select * from {{ ref('offline_members') }}
),

named as (
    select
        campaign_id,
        parameter,
        value,
        case parameter
            when 'influencer_ids' then 'influencer'
            when 'member_levels' then 'level'
            when 'store_ids' then 'store'
            else 'product'
        end as kind
    from campaign_values

    union

    select
        campaign_id,
        fact as parameter,
        value,
        case fact when 'influencer_id' then 'influencer' when 'member_level' then 'level' else 'product' end as kind
    from campaign_conditions
),

sold as (
    select
        product_id,
        influencer_key,
        min(paid_date) as known_date
    from order_lines
    group by product_id, influencer_key
),

known as (
    select
        'product' as kind,
        product_id as value,
        cast('0001-01-01' as date) as known_date
    from products

    union all

    select
        'influencer' as kind,
        influencer_id as value,
        cast('0001-01-01' as date) as known_date
    from listed_influencers

    union all

    select
        'product' as kind,
        product_id as value,
        known_date
    from sold

    union all

    select
        'influencer' as kind,
        influencers.influencer_id as value,
        sold.known_date
    from sold
    inner join influencers on sold.influencer_key = influencers.influencer_key

    union all

    select
        'level' as kind,
        member_level as value,
        min(valid_from) as known_date
    from membership_levels
    group by member_level

    union all

    select
        'store' as kind,
        store_id as value,
        min(cast(joined_at as date)) as known_date
    from offline_members
    group by store_id
)

select
    named.campaign_id,
    named.parameter,
    named.value,
    min(known.known_date) as known_date
from named
left join known
    on
        named.kind = known.kind
        and named.value = known.value
group by named.campaign_id, named.parameter, named.value
