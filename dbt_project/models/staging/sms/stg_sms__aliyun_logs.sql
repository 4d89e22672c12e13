-- One row per message in the log of Aliyun (phone, time, tag), in its highest delivered version.
-- Trap: the log names no message and no segments; people are known by their phone alone.
{{ config(materialized='view') }}

with latest as (
    {{ latest_delivered('sms', 'aliyun_logs', key=['shop_id', 'sent_at'], optional_key=['phone_token', 'tag']) }}
),

stg_sms__aliyun_logs as (
    select
        'aliyun_sms|' || cast(
            {{ surrogate_key(['shop_id', 'phone_token', 'sent_at', 'tag']) }} as varchar
        ) as touch_id,
        nullif(split_part(tag, '|', 1), '') as campaign_id,
        nullif(split_part(tag, '|', 2), '') as wave,
        nullif(split_part(tag, '|', 3), '') as arm,
        'sms' as channel,
        'sms' as platform,
        shop_id,
        phone_token,
        sent_at,
        received_at as delivered_at,
        case
            when send_status in ('3', '成功') then 'delivered'
            when send_status in ('2', '失败') then 'failed'
            else 'sent'
        end as touch_status,
        cast(null as bigint) as segment_count,
        cast(null as decimal(18, 6)) as unit_cost,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
)

select * from stg_sms__aliyun_logs
