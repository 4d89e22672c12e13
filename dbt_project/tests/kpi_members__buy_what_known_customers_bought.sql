-- What is split between members and others is what known customers of the shop paid on the day, and leaves out no order or buyer.
{{ config(meta={'dagster': {'ref': {'name': 'kpi__member_daily'}}}) }}

with sales as (
    select * from {{ ref('kpi__sales_daily') }}
    where
        customer_line_count > 0
        and {{ is_of_todays_logic('business_date', ['kpi__sales_daily', 'member_sales_daily']) }}
),

members as (
    select * from {{ ref('member_sales_daily') }}
    where {{ is_of_todays_logic('business_date', ['kpi__sales_daily', 'member_sales_daily']) }}
)

select
    sales.business_date as sales_date,
    members.business_date as members_date,
    sales.customer_paid_amount,
    members.paid_amount
from sales
full outer join members
    on
        sales.platform = members.platform
        and sales.shop_id = members.shop_id
        and sales.business_date = members.business_date
where
    sales.customer_paid_amount is distinct from members.paid_amount
    or sales.buyer_count is distinct from members.buyer_count
    or members.member_order_count + members.non_member_order_count < members.order_count
    or members.member_buyer_count + members.non_member_buyer_count < members.buyer_count
