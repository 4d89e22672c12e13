-- One row per platform, shop and business day of which a summary was delivered: our sales of it, and those we count otherwise.
-- Trap: `uncounted_` sales are not valid and in no KPI; `nobodys_` are of buyers that no export names.
with shop_summaries as (
    select * from {{ ref('shop_summaries') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

members as (
    select * from {{ ref('members') }}
),

told_orders as (
    select
        platform,
        shop_id,
        min(cast(created_at as date)) as first_date,
        max(cast(created_at as date)) as last_date
    from order_lines
    group by platform, shop_id
),

lines as (
    select order_lines.*
    from order_lines
    inner join shop_summaries as told
        on
            order_lines.platform = told.platform
            and order_lines.shop_id = told.shop_id
            and order_lines.paid_date = told.business_date
),

memberships as (
    select
        lines.order_line_key,
        bool_or(
            members.joined_at <= lines.created_at and (members.left_at is null or members.left_at > lines.created_at)
        ) as is_shop_member_at_order,
        bool_or(
            members.joined_date <= lines.paid_date and (members.left_date is null or members.left_date > lines.paid_date)
        ) as is_shop_member_of_the_day
    from lines
    inner join members
        on
            lines.customer_key = members.customer_key
            and lines.platform = members.platform
            and lines.shop_id = members.shop_id
    group by lines.order_line_key
),

lines_by_day as (
    select
        lines.platform,
        lines.shop_id,
        lines.paid_date,
        count(distinct case when lines.is_valid then lines.order_key end) as order_count,
        count(case when lines.is_valid then 1 end) as line_count,
        count(distinct case when lines.is_valid then lines.customer_key end) as buyer_count,
        sum(case when lines.is_valid then lines.paid_amount end) as paid_amount,
        sum(case when lines.is_valid then lines.refunded_amount end) as refunded_amount,
        sum(case when not lines.is_valid then lines.paid_amount end) as uncounted_paid_amount,
        count(case when not lines.is_valid and lines.paid_amount > 0 then 1 end) as uncounted_line_count,
        sum(case when lines.customer_key is null then lines.paid_amount end) as nobodys_paid_amount,
        count(distinct case when lines.paid_amount > 0 then lines.customer_key end) as paying_customer_count,
        sum(case when not lines.is_valid and memberships.is_shop_member_at_order then lines.paid_amount end)
            as uncounted_member_paid_amount,
        count(distinct case when lines.paid_amount > 0 and lines.customer_key is null then lines.order_key end)
            as nobodys_order_count,
        sum(case when lines.is_valid and lines.is_member_at_order then lines.paid_amount end) as member_paid_amount,
        sum(case when lines.is_valid and memberships.is_shop_member_at_order then lines.paid_amount end)
            as shop_member_paid_amount,
        sum(case when lines.is_valid and memberships.is_shop_member_of_the_day then lines.paid_amount end)
            as day_member_paid_amount,
        count(distinct case when lines.is_valid and lines.is_member_at_order then lines.customer_key end) as member_buyer_count,
        count(distinct case when lines.is_valid and memberships.is_shop_member_at_order then lines.customer_key end)
            as shop_member_buyer_count,
        count(distinct case when lines.paid_amount > 0 and memberships.is_shop_member_at_order then lines.customer_key end)
            as paying_member_count
    from lines
    left join memberships on lines.order_line_key = memberships.order_line_key
    group by lines.platform, lines.shop_id, lines.paid_date
)

select
    shop_summaries.platform,
    shop_summaries.shop_id,
    shop_summaries.business_date,
    coalesce(shop_summaries.business_date between told_orders.first_date and told_orders.last_date, false) as has_orders,
    cast(coalesce(lines_by_day.order_count, 0) as bigint) as order_count,
    cast(coalesce(lines_by_day.line_count, 0) as bigint) as line_count,
    cast(coalesce(lines_by_day.buyer_count, 0) as bigint) as buyer_count,
    cast(coalesce(lines_by_day.paid_amount, 0) as decimal(18, 2)) as paid_amount,
    cast(coalesce(lines_by_day.refunded_amount, 0) as decimal(18, 2)) as refunded_amount,
    cast(coalesce(lines_by_day.uncounted_paid_amount, 0) as decimal(18, 2)) as uncounted_paid_amount,
    cast(coalesce(lines_by_day.uncounted_line_count, 0) as bigint) as uncounted_line_count,
    cast(coalesce(lines_by_day.paying_customer_count - lines_by_day.buyer_count, 0) as bigint) as uncounted_buyer_count,
    cast(coalesce(lines_by_day.uncounted_member_paid_amount, 0) as decimal(18, 2)) as uncounted_member_paid_amount,
    cast(coalesce(lines_by_day.nobodys_paid_amount, 0) as decimal(18, 2)) as nobodys_paid_amount,
    cast(coalesce(lines_by_day.nobodys_order_count, 0) as bigint) as nobodys_order_count,
    cast(coalesce(lines_by_day.member_paid_amount, 0) as decimal(18, 2)) as member_paid_amount,
    cast(coalesce(lines_by_day.shop_member_paid_amount, 0) as decimal(18, 2)) as shop_member_paid_amount,
    cast(coalesce(lines_by_day.day_member_paid_amount, 0) as decimal(18, 2)) as day_member_paid_amount,
    cast(coalesce(lines_by_day.member_buyer_count, 0) as bigint) as member_buyer_count,
    cast(coalesce(lines_by_day.shop_member_buyer_count, 0) as bigint) as shop_member_buyer_count,
    cast(coalesce(lines_by_day.paying_member_count - lines_by_day.shop_member_buyer_count, 0) as bigint)
        as uncounted_member_buyer_count
from shop_summaries
left join told_orders
    on shop_summaries.platform = told_orders.platform and shop_summaries.shop_id = told_orders.shop_id
left join lines_by_day
    on
        shop_summaries.platform = lines_by_day.platform
        and shop_summaries.shop_id = lines_by_day.shop_id
        and shop_summaries.business_date = lines_by_day.paid_date
