-- One row per movement of money on a shop's account (动账明细), in its highest delivered version.
-- Trap: 动账金额 is always positive in the file; here it bears the sign of 动账方向.
{{ config(materialized='view') }}

with latest as (
    {{ latest_delivered('douyin', 'fund_bill', key=['entry_id']) }}
),

stg_douyin__fund_entries as (
    select
        'douyin' as platform,
        latest.shop_id,
        latest.entry_id,
        latest.moved_at,
        case when latest.direction = '入账' then latest.unsigned_amount else -latest.unsigned_amount end as moved_amount,
        latest.fund_account,
        latest.scene,
        latest.charge_type,
        latest.order_id,
        latest.order_line_id,
        latest.refund_id,
        latest.ordered_at,
        latest.product_id,
        latest.order_type,
        latest.versioned_at,
        latest.delivered_date,
        latest.content_hash,
        latest.line_number
    from latest
)

select * from stg_douyin__fund_entries
