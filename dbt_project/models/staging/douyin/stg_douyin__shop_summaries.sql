-- One row per shop and business day, as 罗盘 sums it up, in its highest delivered version.
-- Trap: samples and postage are in it, an order of two goods counts twice, and what was refunded is as of the export.
{{ config(materialized='view') }}

with latest as (
    {{ latest_delivered('douyin', 'shop_summaries', key=['shop_id', 'business_date']) }}
),

stg_douyin__shop_summaries as (
    select
        'douyin' as platform,
        shop_id,
        business_date,
        paid_amount,
        order_count,
        buyer_count,
        refunded_amount,
        refunded_amount_refund_time,
        member_paid_amount,
        day_member_paid_amount,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
)

select * from stg_douyin__shop_summaries
