-- The classic export states one amount per order; sharing it over the lines must keep every cent.
{{ config(meta={'dagster': {'ref': {'name': 'int_tmall_order_lines_assembled'}}}) }}

with lines as (
    select * from {{ ref('int_tmall_order_lines_assembled') }}
),

orders as (
    select * from {{ ref('stg_tmall__orders') }}
),

items as (
    select order_id from {{ ref('stg_tmall__items') }}
    group by order_id
)

select
    orders.order_id,
    min(orders.payable_amount) as order_amount,
    sum(lines.payable_amount) as line_amount
from orders
inner join lines on orders.order_id = lines.order_id
left join items on orders.order_id = items.order_id
where items.order_id is null
group by orders.order_id
having min(orders.payable_amount) <> sum(lines.payable_amount)
