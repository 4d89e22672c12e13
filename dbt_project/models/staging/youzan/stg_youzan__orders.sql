-- One row per Youzan order (订单号), in its highest delivered version.
-- Trap: a closed order was never paid for us: what Youzan pays back stands in no file we get.
{{ config(unique_key='order_id') }}

with latest as (
    {{ latest_delivered('youzan', 'orders', key=['order_id']) }}
),

statuses_settled as (
    select
        *,
        case
            when order_status like '%关闭%' or order_status like '%取消%' then 'closed'
            when order_status in ('待付款', '等待买家付款') then 'placed'
            when order_status in ('已发货', '待收货', '卖家已发货') then 'shipped'
            when order_status in ('已完成', '交易完成', '交易成功') then 'completed'
            when order_status in ('待发货', '待成团', '已付款', '买家已付款') then 'paid'
            else 'unknown'
        end as status
    from latest
),

stg_youzan__orders as (
    select
        'youzan' as platform,
        shop_id,
        order_id,
        account_id,
        goods,
        paid_amount as payable_amount,
        status as order_status,
        created_at,
        case
            when status = 'closed' then cast(null as timestamp)
            when status in ('paid', 'shipped', 'completed') then coalesce(paid_at, created_at)
            else paid_at
        end as paid_at,
        salesperson,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from statuses_settled
)

select * from stg_youzan__orders
