-- One row per message in the log of a Douyin shop (message_id), in its highest delivered version.
-- Trap: a receipt may come hours later and has no time of its own; the rows mostly hold no phone.
{{ config(materialized='view') }}

with latest as (
    {{ latest_delivered('sms', 'douyin_logs', key=['shop_id', 'message_id']) }}
),

stg_sms__douyin_logs as (
    select
        'douyin_sms|' || shop_id || '|' || message_id as touch_id,
        nullif(split_part(tag, '|', 1), '') as campaign_id,
        nullif(split_part(tag, '|', 2), '') as wave,
        nullif(split_part(tag, '|', 3), '') as arm,
        'douyin_sms' as channel,
        'douyin' as platform,
        shop_id,
        phone_token,
        sent_at,
        cast(null as timestamp) as delivered_at,
        case
            when send_status in ('3', '成功') then 'delivered'
            when send_status in ('2', '失败') then 'failed'
            else 'sent'
        end as touch_status,
        segment_count,
        cast(null as decimal(18, 6)) as unit_cost,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
)

select * from stg_sms__douyin_logs
