-- One row per message to a person (touch_id), in its highest delivered version.
{{ config(unique_key='touch_id') }}

with delivered as (
    {{ delivered('generic', 'touches') }}
),

latest as (
    {{ latest_versions(['touch_id']) }}
),

stg_generic__touches as (
    select
        delivered.touch_id,
        delivered.platform,
        delivered.shop_id,
        delivered.campaign_id,
        delivered.wave,
        delivered.arm,
        delivered.channel,
        delivered.account_id,
        delivered.sent_at,
        delivered.delivered_at,
        coalesce(delivered.touch_status, 'sent') as touch_status,
        delivered.segment_count,
        delivered.unit_cost,
        delivered.versioned_at,
        delivered.delivered_date,
        delivered.content_hash,
        delivered.line_number
    from delivered
    inner join latest
        on
            delivered.touch_id = latest.touch_id
            and delivered.content_hash = latest.content_hash
)

select * from stg_generic__touches
