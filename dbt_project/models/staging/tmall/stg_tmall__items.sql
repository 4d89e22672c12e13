-- One row per sub-order of Tmall's new item export (子订单编号), in its highest delivered version.
-- Trap: the export names no buyer: person-level figures of these lines are null, not wrong.
{{ config(unique_key='order_line_id') }}

with latest as (
    {{ latest_delivered('tmall', 'items', key=['order_line_id']) }}
),

stg_tmall__items as (
    select
        'tmall' as platform,
        latest.shop_id,
        latest.order_id,
        latest.order_line_id,
        latest.product_id,
        latest.product_name,
        coalesce(latest.merchant_code, latest.external_code) as merchant_code,
        latest.quantity,
        cast(latest.unit_price_amount * latest.quantity as decimal(18, 2)) as list_amount,
        case when latest.paid_at is null then latest.payable_amount else latest.paid_amount end as payable_amount,
        {{ tmall_order_status('latest.order_status') }} as order_status,
        latest.created_at,
        latest.paid_at,
        latest.versioned_at,
        latest.delivered_date,
        latest.content_hash,
        latest.line_number
    from latest
)

select * from stg_tmall__items
