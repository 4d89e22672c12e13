-- One row per consent (platform, shop, account, purpose, channel, grant time), in its highest delivered version.
-- Trap: channel and grant time may be null, so rows are matched by a key of their own; a null grant time is a bare withdrawal.
{{ config(unique_key='consent_key') }}

with consents as (
    {{ delivered('generic', 'consents') }}
),

delivered as (
    select
        *,
        {{ surrogate_key(['platform', 'shop_id', 'account_id', 'purpose', 'channel', 'granted_at']) }} as consent_key
    from consents
),

latest as (
    {{ latest_versions(['consent_key']) }}
),

stg_generic__consents as (
    select
        delivered.consent_key,
        delivered.platform,
        delivered.shop_id,
        delivered.account_id,
        delivered.purpose,
        delivered.channel,
        delivered.granted_at,
        delivered.withdrawn_at,
        delivered.versioned_at,
        delivered.delivered_date,
        delivered.content_hash,
        delivered.line_number
    from delivered
    inner join latest
        on
            delivered.consent_key = latest.consent_key
            and delivered.content_hash = latest.content_hash
)

select * from stg_generic__consents
