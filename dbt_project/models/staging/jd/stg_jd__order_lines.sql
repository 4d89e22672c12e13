-- One row per SKU of a JD order (订单号, 商品ID), in its highest delivered version.
-- Trap: `order_payable_amount` is of the order and stands on each of its rows; `int_jd_order_lines_assembled` shares it.
-- A deleted or cancelled order was never paid for us: JD splits an order by deleting it and writing its parts as new ones, and
-- says in no file what it paid back.
{{ config(unique_key=['order_id', 'product_id']) }}

with latest as (
    {{ latest_delivered('jd', 'orders', key=['order_id', 'product_id']) }}
),

statuses_settled as (
    select
        *,
        case
            when order_status like '(删除)%' or order_status like '（删除）%' then 'closed'
            when order_status like '%取消%' or order_status like '%拆分%' or order_status like '%退款%' then 'closed'
            when order_status in ('等待付款', '等待付款确认', '等待支付', '未付款') then 'placed'
            when order_status in ('等待确认收货', '等待收货', '已出库', '已发货', '正在配送') then 'shipped'
            when order_status in ('完成', '已完成') then 'completed'
            when order_status in ('等待出库', '等待发货', '等待打印', '正在出库', '暂停', '锁定') then 'paid'
            else 'unknown'
        end as status
    from latest
),

stg_jd__order_lines as (
    select
        'jd' as platform,
        shop_id,
        order_id,
        product_id,
        sku_id,
        case when account_id not like '%*%' then account_id end as account_id,
        product_name,
        merchant_code,
        quantity,
        cast(unit_price_amount * quantity as decimal(18, 2)) as list_amount,
        payable_amount as order_payable_amount,
        status as order_status,
        created_at,
        case
            when status = 'closed' then cast(null as timestamp)
            when status = 'completed' then coalesce(paid_at, completed_at, created_at)
            else paid_at
        end as paid_at,
        completed_at,
        order_source as traffic_source,
        order_channel as traffic_channel,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from statuses_settled
)

select * from stg_jd__order_lines
