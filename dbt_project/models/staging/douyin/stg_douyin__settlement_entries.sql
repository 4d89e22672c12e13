-- One row per entry of the settlement bill (结算账单), in its highest delivered version.
-- Trap: an order has several entries, negative ones among them: sum them, never join one to a line as if it were all.
{{ config(materialized='view') }}

with latest as (
    {{ latest_delivered(
        'douyin',
        'settlements',
        key=['order_id', 'settled_at', 'line_position'],
        optional_key=['order_line_id', 'settlement_type']
    ) }}
),

stg_douyin__settlement_entries as (
    select
        'douyin' as platform,
        latest.shop_id,
        latest.order_id,
        latest.order_line_id,
        latest.settled_at,
        latest.settlement_type,
        latest.line_position,
        latest.settlement_account,
        latest.business_type,
        latest.order_type,
        coalesce(latest.has_earlier_refund = '是', false) as has_earlier_refund,
        latest.ordered_at,
        latest.product_id,
        latest.quantity,
        latest.settled_amount,
        latest.order_amount,
        latest.product_amount,
        latest.freight_amount,
        latest.paid_amount,
        latest.earlier_refund_amount,
        latest.shop_coupon_amount,
        latest.platform_subsidy_amount,
        latest.influencer_subsidy_amount,
        latest.payment_subsidy_amount,
        latest.instalment_subsidy_amount,
        latest.income_amount,
        latest.platform_fee_amount,
        latest.commission_amount,
        latest.channel_share_amount,
        latest.recruiting_fee_amount,
        latest.promotion_fee_amount,
        latest.other_share_amount,
        latest.expense_amount,
        latest.waived_commission_amount,
        latest.versioned_at,
        latest.delivered_date,
        latest.content_hash,
        latest.line_number
    from latest
)

select * from stg_douyin__settlement_entries
