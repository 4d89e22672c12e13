-- One row per event (platform, shop, account, type, time, object, related account), in its highest delivered version.
-- Trap: equal rows are one event, so a count per second is a count of different things. A change of level is nothing that a
-- person did: it is in `stg_members__levels`.
{{ config(materialized='view') }}

with latest as (
    {{ latest_delivered(
        'generic',
        'events',
        key=['platform', 'shop_id', 'account_id', 'event_type', 'occurred_at'],
        optional_key=['object_id', 'related_account_id']
    ) }}
),

stg_generic__events as (
    select
        {{ surrogate_key(
            ['platform', 'shop_id', 'account_id', 'event_type', 'occurred_at', 'object_id', 'related_account_id']
        ) }} as event_key,
        {{ surrogate_key(['platform', 'shop_id', 'account_id']) }} as account_key,
        case
            when related_account_id is not null
                then {{ surrogate_key(['platform', 'shop_id', 'related_account_id']) }}
        end as related_account_key,
        platform,
        shop_id,
        account_id,
        event_type,
        occurred_at,
        field,
        object_id,
        related_account_id,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
    where event_type <> 'level_change'
)

select * from stg_generic__events
