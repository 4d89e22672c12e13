-- One row per message to a person (touch_id), in its highest delivered version.
{{ config(unique_key='touch_id') }}

with latest as (
    {{ latest_delivered('generic', 'touches', key=['touch_id']) }}
),

stg_generic__touches as (
    select
        latest.touch_id,
        latest.platform,
        latest.shop_id,
        latest.campaign_id,
        latest.wave,
        latest.arm,
        latest.channel,
        latest.account_id,
        latest.sent_at,
        latest.delivered_at,
        coalesce(latest.touch_status, 'sent') as touch_status,
        latest.segment_count,
        latest.unit_cost,
        latest.versioned_at,
        latest.delivered_date,
        latest.content_hash,
        latest.line_number
    from latest
)

select * from stg_generic__touches
