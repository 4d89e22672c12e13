-- One row per statement on a consent (platform, shop, account, purpose, channel, grant time, withdrawal time), in its highest
-- delivered version.
-- Trap: several statements may speak of one consent: a withdrawal once delivered stays, whatever a later export leaves blank
-- (`int_consents_matched` lets it win). A null grant time is a bare withdrawal.
{{ config(unique_key='statement_key') }}

with latest as (
    {{ latest_delivered(
        'generic',
        'consents',
        key=['platform', 'shop_id', 'account_id', 'purpose'],
        optional_key=['channel', 'granted_at', 'withdrawn_at']
    ) }}
),

stg_generic__consents as (
    select
        {{ surrogate_key(
            ['platform', 'shop_id', 'account_id', 'purpose', 'channel', 'granted_at', 'withdrawn_at']
        ) }} as statement_key,
        {{ surrogate_key(['platform', 'shop_id', 'account_id', 'purpose', 'channel', 'granted_at']) }} as consent_key,
        platform,
        shop_id,
        account_id,
        purpose,
        channel,
        granted_at,
        withdrawn_at,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
)

select * from stg_generic__consents
