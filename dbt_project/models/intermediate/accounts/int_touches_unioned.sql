-- One row per message to a person: what the brand's own list states, and what the senders' logs say of known campaigns.
-- Trap: a log knows people by account or by phone, never by both; a message that stands in a list and in a log counts twice.
{{ config(materialized='view') }}

with listed as (
    select * from {{ ref('stg_generic__touches') }}
),

douyin_logs as (
    select * from {{ ref('stg_sms__douyin_logs') }}
),

aliyun_logs as (
    select * from {{ ref('stg_sms__aliyun_logs') }}
),

yunpian_logs as (
    select * from {{ ref('stg_sms__yunpian_logs') }}
),

campaigns as (
    select * from {{ ref('stg_generic__campaigns') }}
),

{% set columns -%}
touch_id,
        campaign_id,
        wave,
        arm,
        channel,
        platform,
        shop_id,
        phone_token,
        sent_at,
        delivered_at,
        touch_status,
        segment_count,
        unit_cost
{%- endset -%}

logged as (
    select
        {{ columns }}
    from douyin_logs
    union all
    select
        {{ columns }}
    from aliyun_logs
    union all
    select
        {{ columns }}
    from yunpian_logs
),

int_touches_unioned as (
    select
        touch_id,
        campaign_id,
        wave,
        arm,
        channel,
        platform,
        shop_id,
        account_id,
        cast(null as varchar) as phone_token,
        sent_at,
        delivered_at,
        touch_status,
        segment_count,
        unit_cost
    from listed

    union all

    select
        logged.touch_id,
        logged.campaign_id,
        logged.wave,
        logged.arm,
        coalesce(campaigns.channel, logged.channel) as channel,
        logged.platform,
        logged.shop_id,
        cast(null as varchar) as account_id,
        logged.phone_token,
        logged.sent_at,
        logged.delivered_at,
        logged.touch_status,
        logged.segment_count,
        logged.unit_cost
    from logged
    inner join campaigns on logged.campaign_id = campaigns.campaign_id
)

select * from int_touches_unioned
