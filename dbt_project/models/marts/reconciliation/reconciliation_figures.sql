-- One row per platform, shop, business day and metric that the platform's own summary tells: our figure, theirs, known reasons.
-- Trap: every `_gap` is ours less theirs, null where it cannot concern the metric. The seed says which metrics a platform has.
with shop_summaries as (
    select * from {{ ref('shop_summaries') }}
),

summarised_sales as (
    select * from {{ ref('summarised_sales') }}
),

summarised_refunds as (
    select * from {{ ref('summarised_refunds') }}
),

summarised_members as (
    select * from {{ ref('summarised_members') }}
),

reconciliation_tolerances as (
    select * from {{ ref('reconciliation_tolerances') }}
),

figures as (
    select
        told.platform,
        told.shop_id,
        told.business_date,
        metrics.metric,
        told.exported_date,
        case metrics.metric
            when 'paid_amount' then told.paid_amount
            when 'order_count' then told.order_count
            when 'buyer_count' then told.buyer_count
            when 'net_amount' then told.paid_amount - told.refunded_amount_refund_time
            when 'refunded_amount' then told.refunded_amount
            when 'refunded_amount_refund_time' then told.refunded_amount_refund_time
            when 'member_paid_amount' then told.member_paid_amount
            when 'day_member_paid_amount' then told.day_member_paid_amount
            when 'member_buyer_count' then told.member_buyer_count
            when 'member_count' then told.member_count
            when 'joined_count' then told.joined_count
            when 'active_member_count' then told.active_member_count
        end as platform_figure,
        case metrics.metric
            when 'paid_amount' then sales.paid_amount
            when 'order_count' then sales.order_count
            when 'buyer_count' then sales.buyer_count
            when 'net_amount' then sales.paid_amount - sales.refunded_amount
            when 'refunded_amount' then sales.refunded_amount
            when 'refunded_amount_refund_time' then refunds.refunded_amount_refund_time
            when 'member_paid_amount' then sales.member_paid_amount
            when 'day_member_paid_amount' then sales.member_paid_amount
            when 'member_buyer_count' then sales.member_buyer_count
            when 'member_count' then members.member_count
            when 'joined_count' then members.joined_count
        end as our_figure,
        case
            when metrics.metric in ('paid_amount', 'net_amount') then -sales.uncounted_paid_amount
            when metrics.metric = 'order_count' then -sales.uncounted_line_count
            when metrics.metric = 'buyer_count' then -sales.uncounted_buyer_count
            when metrics.metric like '%member_paid_amount' then -sales.uncounted_member_paid_amount
            when metrics.metric = 'member_buyer_count' then -sales.uncounted_member_buyer_count
        end as uncounted_kinds_gap,
        case when metrics.metric = 'order_count' then sales.order_count - sales.line_count end as several_lines_gap,
        case when metrics.metric = 'net_amount' then refunds.refunded_amount_refund_time - sales.refunded_amount end
            as refund_dating_gap,
        case when metrics.metric = 'refunded_amount' then refunds.later_refunded_amount end as later_refunds_gap,
        case metrics.metric
            when 'net_amount' then refunds.uncounted_refunded_amount_refund_time
            when 'refunded_amount' then -refunds.uncounted_refunded_amount
            when 'refunded_amount_refund_time' then -refunds.uncounted_refunded_amount_refund_time
        end as uncounted_refunds_gap,
        case
            when metrics.metric like '%member_paid_amount' then sales.member_paid_amount - sales.shop_member_paid_amount
            when metrics.metric = 'member_buyer_count' then sales.member_buyer_count - sales.shop_member_buyer_count
        end as other_shops_members_gap,
        case when metrics.metric = 'day_member_paid_amount' then sales.shop_member_paid_amount - sales.day_member_paid_amount end
            as day_members_gap,
        case
            when metrics.metric like '%buyer_count' then sales.nobodys_order_count
            when metrics.metric like '%member_paid_amount' then sales.nobodys_paid_amount
        end as nobodys_figure,
        sales.has_orders,
        refunds.has_refunds,
        members.has_members,
        members.is_told_through,
        sales.order_count = 0 or sales.buyer_count > 0 as has_buyers
    from shop_summaries as told
    inner join reconciliation_tolerances as metrics on told.platform = metrics.platform
    inner join summarised_sales as sales
        on told.platform = sales.platform and told.shop_id = sales.shop_id and told.business_date = sales.business_date
    inner join summarised_refunds as refunds
        on told.platform = refunds.platform and told.shop_id = refunds.shop_id and told.business_date = refunds.business_date
    inner join summarised_members as members
        on told.platform = members.platform and told.shop_id = members.shop_id and told.business_date = members.business_date
),

reasoned as (
    select
        *,
        case
            when metric = 'active_member_count' then 'the platform counts visits, which no export tells'
            when metric like '%member%' and not has_members then 'no members of the shop are known'
            when metric in ('member_count', 'joined_count') and not is_told_through
                then 'no members are delivered through the day'
            when metric in ('member_count', 'joined_count') and our_figure is null then 'the day was not asked for'
            when metric in ('member_count', 'joined_count') then null
            when not has_orders then 'no orders are delivered through the day'
            when metric in ('net_amount', 'refunded_amount', 'refunded_amount_refund_time') and not has_refunds
                then 'no refunds are delivered through the day'
            when nobodys_figure is not null and not has_buyers then 'no order names a buyer'
        end as missing_reason
    from figures
    where platform_figure is not null
)

select
    platform,
    shop_id,
    business_date,
    metric,
    exported_date,
    cast(platform_figure as decimal(18, 2)) as platform_figure,
    cast(case when missing_reason is null then our_figure end as decimal(18, 2)) as our_figure,
    missing_reason,
    cast(uncounted_kinds_gap as decimal(18, 2)) as uncounted_kinds_gap,
    cast(several_lines_gap as decimal(18, 2)) as several_lines_gap,
    cast(refund_dating_gap as decimal(18, 2)) as refund_dating_gap,
    cast(later_refunds_gap as decimal(18, 2)) as later_refunds_gap,
    cast(uncounted_refunds_gap as decimal(18, 2)) as uncounted_refunds_gap,
    cast(other_shops_members_gap as decimal(18, 2)) as other_shops_members_gap,
    cast(day_members_gap as decimal(18, 2)) as day_members_gap,
    cast(nobodys_figure as decimal(18, 2)) as nobodys_figure
from reasoned
