-- One row per message in the log of Yunpian (sid), in its highest delivered version.
-- Trap: the fee is of the whole message, so it stands as the price of one segment.
{{ config(materialized='view') }}

with latest as (
    {{ latest_delivered('sms', 'yunpian_logs', key=['shop_id', 'message_id']) }}
),

stg_sms__yunpian_logs as (
    select
        'yunpian_sms|' || shop_id || '|' || message_id as touch_id,
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
            when upper(send_status) like 'FAIL%' or upper(receipt_status) like 'FAIL%' then 'failed'
            when upper(receipt_status) = 'SUCCESS' then 'delivered'
            else 'sent'
        end as touch_status,
        cast(1 as bigint) as segment_count,
        fee_amount as unit_cost,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
)

select * from stg_sms__yunpian_logs
