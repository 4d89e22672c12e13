-- One row per campaign, role and product its plan names.
with campaigns as (
    select * from {{ ref('campaigns') }}
),

named as (
    select
        campaign_id,
        'target' as product_role,
        {{ split_rows(json_text('parameters', 'product_ids')) }} as product_id
    from campaigns

    union all

    select
        campaign_id,
        'full_size' as product_role,
        {{ split_rows(json_text('parameters', 'full_size_product_ids')) }} as product_id
    from campaigns
)

select
    campaign_id,
    product_role,
    trim(product_id) as product_id
from named
where trim(product_id) <> ''
group by campaign_id, product_role, trim(product_id)
