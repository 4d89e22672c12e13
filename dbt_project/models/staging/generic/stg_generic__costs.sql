-- One row per cost (platform, shop, day, type, campaign), in its highest delivered version.
-- Trap: a cost without a campaign is of the whole shop; messages may also be priced by `touches.unit_cost`: never add both.
{{ config(materialized='view') }}

with latest as (
    {{ latest_delivered(
        'generic',
        'costs',
        key=['platform', 'shop_id', 'cost_date', 'cost_type'],
        optional_key=['campaign_id']
    ) }}
),

stg_generic__costs as (
    select
        {{ surrogate_key(['platform', 'shop_id', 'cost_date', 'cost_type', 'campaign_id']) }} as cost_key,
        platform,
        shop_id,
        cost_date,
        cost_type,
        campaign_id,
        cost_amount,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
)

select * from stg_generic__costs
