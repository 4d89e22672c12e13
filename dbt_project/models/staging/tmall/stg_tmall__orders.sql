-- One row per Tmall order of the classic order list (订单编号), in its highest delivered version.
-- Trap: 买家实际支付金额 may already be net of refunds (paid + refunded = total, as seen in real files); `payable_amount` is gross.
{{ config(unique_key='order_id') }}

with latest as (
    {{ latest_delivered('tmall', 'orders', key=['order_id']) }}
),

stg_tmall__orders as (
    select
        'tmall' as platform,
        latest.shop_id,
        latest.order_id,
        latest.account_id,
        latest.quantity,
        case
            when latest.paid_at is null then latest.total_amount
            when latest.refund_amount > 0 and latest.paid_amount + latest.refund_amount = latest.total_amount
                then latest.total_amount
            else latest.paid_amount
        end as payable_amount,
        {{ tmall_order_status('latest.order_status') }} as order_status,
        latest.created_at,
        latest.paid_at,
        latest.shipped_at,
        latest.completed_at,
        latest.versioned_at,
        latest.delivered_date,
        latest.content_hash,
        latest.line_number
    from latest
)

select * from stg_tmall__orders
