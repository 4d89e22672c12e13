-- One row per platform, shop and paid day with sales to known customers: all of them, members, and the others.
-- Trap: a member order is one whose buyer was a member when ordering; lines without a known buyer are in neither group.
{{ table_by_day(days='sales_days', day='business_date') }}

with due_days as (
    {{ due_days(days='sales_days', day='business_date') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
)

select
    platform,
    shop_id,
    paid_date as business_date,
    cast(count(distinct order_key) as bigint) as order_count,
    cast(sum(paid_amount) as decimal(18, 2)) as paid_amount,
    cast(sum(net_amount) as decimal(18, 2)) as net_amount,
    cast(count(distinct customer_key) as bigint) as buyer_count,
    cast(count(distinct case when is_member_at_order then order_key end) as bigint) as member_order_count,
    cast(sum(case when is_member_at_order then paid_amount else 0 end) as decimal(18, 2)) as member_paid_amount,
    cast(sum(case when is_member_at_order then net_amount else 0 end) as decimal(18, 2)) as member_net_amount,
    cast(count(distinct case when is_member_at_order then customer_key end) as bigint) as member_buyer_count,
    cast(count(distinct case when not is_member_at_order then order_key end) as bigint) as non_member_order_count,
    cast(count(distinct case when not is_member_at_order then customer_key end) as bigint) as non_member_buyer_count
from order_lines
where
    is_valid
    and customer_key is not null
    and paid_date in (select due_days.business_date from due_days)
group by platform, shop_id, paid_date
