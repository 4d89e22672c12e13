-- One row per sub-order of Tmall's new item export (子订单编号), in its highest delivered version.
-- Trap: the export names no buyer: person-level figures of these lines are null, not wrong.
{{ config(unique_key='order_line_id') }}

with delivered as (
    {{ delivered('tmall', 'items') }}
),

latest as (
    {{ latest_versions(['order_line_id']) }}
),

stg_tmall__items as (
    select
        'tmall' as platform,
        delivered.shop_id,
        delivered.order_id,
        delivered.order_line_id,
        delivered.product_id,
        delivered.product_name,
        coalesce(delivered.merchant_code, delivered.external_code) as merchant_code,
        delivered.quantity,
        cast(delivered.unit_price_amount * delivered.quantity as decimal(18, 2)) as list_amount,
        case when delivered.paid_at is null then delivered.payable_amount else delivered.paid_amount end as payable_amount,
        {{ tmall_order_status('delivered.order_status') }} as order_status,
        delivered.created_at,
        delivered.paid_at,
        delivered.versioned_at,
        delivered.delivered_date,
        delivered.content_hash,
        delivered.line_number
    from delivered
    inner join latest
        on
            delivered.order_line_id = latest.order_line_id
            and delivered.content_hash = latest.content_hash
)

select * from stg_tmall__items
