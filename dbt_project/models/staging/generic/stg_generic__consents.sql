-- One row per consent (platform, shop, account, purpose, channel, grant time), in its highest delivered version.
-- Trap: a withdrawal once delivered stays, whatever a later export leaves blank; consenting again is a new grant. Channel and
-- grant time may be null, so rows are matched by a key of their own; a null grant time is a bare withdrawal.
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

versions as (
    select
        consent_key,
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
    from delivered
    {%- if is_incremental() %}

        union all

        select
            consent_key,
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
        from {{ this }}
        where consent_key in (select delivered.consent_key from delivered)
    {%- endif %}
),

ranked_versions as (
    select
        *,
        max(withdrawn_at) over (partition by consent_key) as last_withdrawn_at,
        row_number() over (
            partition by consent_key
            order by versioned_at desc, delivered_date desc, content_hash desc
        ) as version_rank
    from versions
),

stg_generic__consents as (
    select
        consent_key,
        platform,
        shop_id,
        account_id,
        purpose,
        channel,
        granted_at,
        last_withdrawn_at as withdrawn_at,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from ranked_versions
    where version_rank = 1
)

select * from stg_generic__consents
