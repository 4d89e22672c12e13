-- One row per entry of a points account (platform, shop, entry_id), in its highest delivered version.
-- Trap: spent and expired points are below zero; `expires_at` says when an entry will, not that it did.
{{ config(materialized='view') }}

with latest as (
    {{ latest_delivered('generic', 'points', key=['platform', 'shop_id', 'entry_id']) }}
),

stg_generic__points as (
    select
        {{ surrogate_key(['platform', 'shop_id', 'entry_id']) }} as entry_key,
        {{ surrogate_key(['platform', 'shop_id', 'account_id']) }} as account_key,
        platform,
        shop_id,
        entry_id,
        account_id,
        cast(points_delta as decimal(18, 2)) as points_delta,
        reason,
        order_id,
        occurred_at,
        expires_at,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
)

select * from stg_generic__points
