-- One row per Tmall order of the classic order list (订单编号), in its highest delivered version.
-- Trap: 买家实际支付金额 may already be net of refunds (paid + refunded = total, as seen in real files); `payable_amount` is gross.
{{ config(unique_key='order_id') }}

with delivered as (
    {{ delivered('tmall', 'orders') }}
),

latest as (
    {{ latest_versions(['order_id']) }}
),

stg_tmall__orders as (
    select
        'tmall' as platform,
        delivered.shop_id,
        delivered.order_id,
        delivered.account_id,
        delivered.quantity,
        case
            when delivered.paid_at is null then delivered.total_amount
            when delivered.refund_amount > 0 and delivered.paid_amount + delivered.refund_amount = delivered.total_amount
                then delivered.total_amount
            else delivered.paid_amount
        end as payable_amount,
        {{ tmall_order_status('delivered.order_status') }} as order_status,
        delivered.created_at,
        delivered.paid_at,
        delivered.completed_at,
        delivered.versioned_at,
        delivered.delivered_date,
        delivered.content_hash,
        delivered.line_number
    from delivered
    inner join latest
        on
            delivered.order_id = latest.order_id
            and delivered.content_hash = latest.content_hash
)

select * from stg_tmall__orders
