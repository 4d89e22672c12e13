-- The core marts by hand, for one brand whose exports always name the shop: what someone good at DuckDB would write.
-- Trap: `last_day` is a variable; lines and refunds come from the raw Parquet views `raw_order_lines` and so on.

-- Most keys come once: only those that come again are ranked, and no wide column moves for it.
create temp table outdated_lines as
with repeated as (
    select platform, shop_id, order_line_id
    from raw_order_lines
    group by all
    having count(*) > 1
)

select platform, shop_id, order_line_id, content_hash
from raw_order_lines
semi join repeated using (platform, shop_id, order_line_id)
qualify row_number() over (
    partition by platform, shop_id, order_line_id
    order by coalesce(version_at, delivery_date) desc, delivery_date desc, content_hash desc
) > 1;

create temp table lines as
select
    * exclude (
        paid_at, paid_amount, list_amount, order_kind, influencer_name,
        version_at, content_hash, line_number, delivery_date, updated_at
    ),
    coalesce(list_amount, paid_amount) as list_amount,
    case when order_status in ('paid', 'shipped', 'completed') then coalesce(paid_at, created_at) else paid_at end as line_paid_at,
    case when line_paid_at is null then 0 else paid_amount end::decimal(18, 2) as paid_amount,
    case when coalesce(order_kind, 'normal') = 'normal' and raw_order_lines.paid_amount = 0 then 'zero_price' else coalesce(order_kind, 'normal') end
        as order_kind
from raw_order_lines
anti join outdated_lines using (platform, shop_id, order_line_id, content_hash);

create temp table refunds as
with latest as (
    select *, coalesce(refunded_at, updated_at, applied_at) as moved_at
    from raw_refunds
    qualify row_number() over (
        partition by platform, shop_id, refund_id
        order by coalesce(version_at, delivery_date) desc, delivery_date desc, content_hash desc
    ) = 1
),

matched as (
    select
        latest.platform,
        latest.shop_id,
        latest.order_line_id,
        lines.order_id,
        lines.account_id,
        lines.order_kind = 'normal' as is_valid,
        latest.refund_type,
        greatest(latest.moved_at, lines.line_paid_at) as refunded_at,
        least(
            latest.refund_amount,
            greatest(lines.paid_amount - coalesce(sum(latest.refund_amount) over (
                partition by latest.platform, latest.shop_id, latest.order_line_id
                order by greatest(latest.moved_at, lines.line_paid_at), latest.refund_id
                rows between unbounded preceding and 1 preceding
            ), 0), 0)
        ) as counted_amount
    from latest
    inner join lines using (platform, shop_id, order_line_id)
    where
        latest.refund_status = 'succeeded' and latest.refund_amount > 0
        and coalesce(latest.refund_type, 'refund_only') in ('refund_only', 'return', 'price_protection')
        and lines.line_paid_at is not null
)

select * from matched;

create temp table members as
select platform, shop_id, account_id, joined_at, least(left_at, lead(joined_at) over (
    partition by platform, shop_id, account_id order by joined_at
)) as left_at
from (
    select * from raw_members
    qualify row_number() over (
        partition by platform, shop_id, account_id, joined_at
        order by coalesce(version_at, delivery_date) desc, delivery_date desc, content_hash desc
    ) = 1
);

create table order_lines as
with refunded as (
    select platform, shop_id, order_line_id, sum(counted_amount) as refunded_amount
    from refunds
    group by all
),

first_orders as (
    select platform, shop_id, account_id, arg_min(order_id, line_paid_at) as order_id
    from lines
    where account_id is not null and order_kind = 'normal' and line_paid_at is not null
    group by all
),

bought_as_member as (
    select lines.platform, lines.shop_id, lines.order_line_id
    from lines
    inner join members
        on
            lines.platform = members.platform and lines.shop_id = members.shop_id and lines.account_id = members.account_id
            and members.joined_at <= lines.created_at and (members.left_at is null or members.left_at > lines.created_at)
)

select
    lines.platform,
    lines.shop_id,
    lines.order_id,
    lines.order_line_id,
    lines.account_id,
    lines.product_id,
    lines.product_name,
    lines.sku_id,
    lines.quantity,
    lines.list_amount,
    lines.paid_amount,
    coalesce(refunded.refunded_amount, 0)::decimal(18, 2) as refunded_amount,
    (lines.paid_amount - coalesce(refunded.refunded_amount, 0))::decimal(18, 2) as net_amount,
    lines.order_status,
    lines.order_kind,
    lines.order_kind = 'normal' and lines.line_paid_at is not null as is_valid,
    coalesce(lines.paid_amount > 0 and refunded.refunded_amount >= lines.paid_amount, false) as is_fully_refunded,
    lines.created_at,
    lines.line_paid_at as paid_at,
    lines.line_paid_at::date as paid_date,
    lines.completed_at,
    lines.influencer_id,
    lines.traffic_source,
    lines.traffic_type,
    lines.traffic_format,
    lines.traffic_channel,
    case when lines.account_id is not null then bought_as_member.order_line_id is not null end as is_member_at_order,
    case
        when lines.account_id is not null
            then first_orders.order_id is not null and lines.order_kind = 'normal' and lines.line_paid_at is not null
    end as is_first_order
from lines
left join refunded using (platform, shop_id, order_line_id)
left join bought_as_member using (platform, shop_id, order_line_id)
left join first_orders
    on
        lines.platform = first_orders.platform and lines.shop_id = first_orders.shop_id
        and lines.account_id = first_orders.account_id and lines.order_id = first_orders.order_id;

create table orders as
select
    platform,
    shop_id,
    order_id,
    min(account_id) as account_id,
    count(*) as line_count,
    coalesce(sum(quantity) filter (is_valid), 0)::bigint as quantity,
    coalesce(sum(paid_amount) filter (is_valid), 0)::decimal(18, 2) as paid_amount,
    coalesce(sum(refunded_amount) filter (is_valid), 0)::decimal(18, 2) as refunded_amount,
    coalesce(sum(net_amount) filter (is_valid), 0)::decimal(18, 2) as net_amount,
    coalesce(min(paid_at) filter (is_valid), min(paid_at)) as paid_at,
    coalesce(min(paid_at) filter (is_valid), min(paid_at))::date as paid_date,
    bool_or(is_valid) as is_valid,
    bool_or(is_valid) and coalesce(sum(net_amount) filter (is_valid), 0) <= 0 as is_fully_refunded,
    bool_or(is_member_at_order) as is_member_at_order,
    bool_or(is_first_order) as is_first_order
from order_lines
group by platform, shop_id, order_id;

create table customer_rfm as
with bought as (
    select
        platform,
        shop_id,
        account_id,
        date_diff('day', max(paid_date) filter (net_amount > 0), getvariable('last_day')) as recency_days,
        count(*) filter (net_amount > 0) as order_count,
        count(distinct paid_date) filter (net_amount > 0) as purchase_day_count,
        sum(net_amount) filter (net_amount > 0) as net_amount,
        sum(paid_amount) as paid_amount,
        sum(quantity) filter (net_amount > 0) as quantity
    from orders
    where is_valid and account_id is not null and paid_date between getvariable('last_day') - 364 and getvariable('last_day')
    group by all
    having order_count > 0
),

asked_back as (
    select platform, shop_id, account_id, count(*) as refund_count
    from refunds
    where
        refund_type is distinct from 'price_protection'
        and refunded_at::date between getvariable('last_day') - 364 and getvariable('last_day')
    group by all
),

scored as (
    select
        bought.*,
        coalesce(refund_count, 0) as refund_count,
        ceil(5 * cume_dist() over (order by recency_days desc))::bigint as r_score,
        ceil(5 * cume_dist() over (order by order_count))::bigint as f_score,
        ceil(5 * cume_dist() over (order by net_amount))::bigint as m_score
    from bought
    left join asked_back using (platform, shop_id, account_id)
)

select
    * exclude (quantity),
    (quantity::double / order_count)::decimal(18, 4) as average_items_per_order,
    case when m_score >= 4 then 'important' else 'general' end || case
        when r_score >= 4 and f_score >= 4 then '_value'
        when r_score >= 4 then '_develop'
        when f_score >= 4 then '_recall'
        else '_retain'
    end as rfm_segment
from scored;

create table sales_daily as
select
    platform,
    shop_id,
    paid_date as business_date,
    count(distinct order_id) as order_count,
    count(*) as line_count,
    sum(quantity)::bigint as quantity,
    sum(paid_amount)::decimal(18, 2) as paid_amount,
    sum(refunded_amount)::decimal(18, 2) as refunded_amount,
    sum(net_amount)::decimal(18, 2) as net_amount,
    count(distinct order_id) filter (refunded_amount > 0) as refunded_order_count,
    count(distinct account_id) as buyer_count,
    count(distinct account_id) filter (is_first_order) as new_buyer_count
from order_lines
where is_valid
group by all;
