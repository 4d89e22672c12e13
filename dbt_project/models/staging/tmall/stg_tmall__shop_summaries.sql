-- One row per shop and business day, as 生意参谋 sums it up, in its highest delivered version.
-- Trap: refunds are of the day the money went back, so they are not those of the orders beside them.
{{ config(materialized='view') }}

with latest as (
    {{ latest_delivered('tmall', 'shop_summaries', key=['shop_id', 'business_date']) }}
),

stg_tmall__shop_summaries as (
    select
        'tmall' as platform,
        shop_id,
        business_date,
        paid_amount,
        new_buyer_count,
        returning_buyer_count,
        returning_buyer_paid_amount,
        refunded_amount_refund_time,
        member_count,
        joined_count,
        active_member_count,
        member_buyer_count,
        member_paid_amount,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
)

select * from stg_tmall__shop_summaries
