-- One row per anchor's shift (platform, shop, live account, start), in its highest delivered version.
-- Trap: `live_account` is whatever the brand writes, 达人ID or 抖音号; `anchor_shifts` knows which account it is.
{{ config(materialized='view') }}

with latest as (
    {{ latest_delivered('generic', 'anchor_shifts', key=['platform', 'shop_id', 'live_account', 'started_at']) }}
),

stg_generic__anchor_shifts as (
    select
        {{ surrogate_key(['platform', 'shop_id', 'live_account', 'started_at']) }} as shift_key,
        platform,
        shop_id,
        live_account,
        anchor,
        started_at,
        ended_at,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
)

select * from stg_generic__anchor_shifts
