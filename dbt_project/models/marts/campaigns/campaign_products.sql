-- One row per campaign and product it is about: those that the plan names, else those listed in the role its template asks for.
-- Trap: an id belongs to its platform where the product list names one; `platform` null means every platform, as it does in
-- the plan, and a product that is listed for all in the role has no row of one of them. A campaign of a template that asks for no
-- role has rows for what its plan names, or none.
with campaigns as (
    select * from {{ ref('campaigns') }}
),

campaign_values as (
    select * from {{ ref('campaign_values') }}
    where parameter = 'product_ids'
),

products as (
    select * from {{ ref('products') }}
),

products_of_all as (
    select * from products
    where platform = 'generic'
),

campaigns_by_role as (
    select
        campaign_id,
        case template
            when 'sample_to_full_size' then 'sample'
            when 'trial_to_member' then 'sample'
            when 'annual_pack_follow_up' then 'gift_pack'
        end as product_role
    from campaigns
    where campaign_id not in (select campaign_values.campaign_id from campaign_values)
)

select
    campaign_id,
    cast(null as varchar) as platform,
    value as product_id,
    true as is_named
from campaign_values

union all

select
    campaigns_by_role.campaign_id,
    nullif(products.platform, 'generic') as platform,
    products.product_id,
    false as is_named
from campaigns_by_role
inner join products on campaigns_by_role.product_role = products.product_role
left join products_of_all as general
    on products.product_id = general.product_id and products.product_role = general.product_role
where products.platform = 'generic' or general.product_id is null
