-- One row per product and month with valid sales.
-- Trap: buyers of several products are buyers of each; refunds are on the pay-time basis and ripen (`is_mature`). Who bought
-- again bought the same product on a later day within `product_repurchase_days` of his first day of the month, if they are over
-- and orders of the platform were told all through.
with order_lines as (
    select * from {{ ref('order_lines') }}
    where is_valid and product_id is not null
),

sold_products as (
    select * from {{ ref('sold_products') }}
),

product_orders as (
    select * from {{ ref('product_orders_monthly') }}
),

scoped_feeds as (
    select * from {{ ref('scoped_feeds') }}
    where shop_id = 'all' and (feed in ('orders', 'refunds') or feed = 'members' and platform = 'all')
),

last_day as (
    {{ last_asked_day() }}
),

buyer_months as (
    select
        platform,
        product_id,
        customer_key,
        cast(date_trunc('month', paid_date) as date) as month_start,
        max(product_name) as product_name,
        count(*) as line_count,
        sum(quantity) as quantity,
        sum(paid_amount) as paid_amount,
        sum(refunded_amount) as refunded_amount,
        sum(case when is_member_at_order then paid_amount else 0 end) as member_paid_amount,
        max(case when is_member_at_order then 1 else 0 end) as is_member,
        max(case when is_first_order then 1 else 0 end) as is_new,
        min(case when not is_fully_refunded then paid_date end) as first_date,
        max(case when not is_fully_refunded then paid_date end) as last_date
    from order_lines
    where paid_date <= (select last_day.as_of_date from last_day)
    group by platform, product_id, customer_key, cast(date_trunc('month', paid_date) as date)
),

-- The next day is in the month, or the first one of a later month.
followed as (
    select
        buyer_months.*,
        buyer_months.customer_key is not null
        and {{ window_is_over('buyer_months.first_date', var('product_repurchase_days')) }}
        and {{ window_is_told('buyer_months.first_date', var('product_repurchase_days')) }} as is_observed,
        case
            when buyer_months.last_date > buyer_months.first_date then buyer_months.last_date
            else min(buyer_months.first_date) over (
                partition by buyer_months.platform, buyer_months.product_id, buyer_months.customer_key
                order by buyer_months.month_start rows between 1 following and unbounded following
            )
        end <= {{ days_after('buyer_months.first_date', var('product_repurchase_days')) }} as has_bought_again
    from buyer_months
    cross join last_day
    left join scoped_feeds
        on
            scoped_feeds.feed = 'orders'
            and buyer_months.platform = scoped_feeds.platform
            and {{ holds_on('buyer_months.first_date', 'scoped_feeds', 'begun_date', 'ended_date') }}
),

-- Null where no order names a buyer.
summed as (
    select
        platform,
        product_id,
        month_start,
        max(product_name) as sold_name,
        cast(sum(line_count) as bigint) as line_count,
        cast(sum(quantity) as bigint) as quantity,
        cast(sum(paid_amount) as decimal(18, 2)) as paid_amount,
        cast(sum(refunded_amount) as decimal(18, 2)) as refunded_amount,
        nullif(count(customer_key), 0) as buyer_count,
        cast(sum(case when customer_key is not null then is_new end) as bigint) as new_buyer_count,
        cast(sum(case when customer_key is not null then is_member end) as bigint) as member_buyer_count,
        cast(sum(case when customer_key is not null then paid_amount end) as decimal(18, 2)) as customer_paid_amount,
        cast(sum(case when customer_key is not null then member_paid_amount end) as decimal(18, 2)) as member_paid_amount,
        cast(sum(case when is_observed then 1 when customer_key is not null then 0 end) as bigint) as observed_count,
        cast(sum(case when is_observed and has_bought_again then 1 when customer_key is not null then 0 end) as bigint)
            as repurchase_count
    from followed
    group by platform, product_id, month_start
),

-- Months of which a feed of members, or of the platform's refunds, tells any day: of others it is unknown who bought as a
-- member, or what came back.
told_months as (
    select
        summed.month_start,
        scoped_feeds.feed,
        scoped_feeds.platform
    from summed
    inner join scoped_feeds
        on
            scoped_feeds.feed in ('members', 'refunds')
            and cast(summed.month_start + interval '1' month as date) > scoped_feeds.begun_date
            and summed.month_start < coalesce(scoped_feeds.ended_date, cast('9999-12-31' as date))
    group by summed.month_start, scoped_feeds.feed, scoped_feeds.platform
),

described as (
    select
        summed.*,
        product_orders.order_count,
        product_orders.combined_order_count,
        coalesce(sold_products.product_name, summed.sold_name) as product_name,
        sold_products.category,
        sold_products.product_role,
        sold_products.launched_date,
        last_day.as_of_date,
        cast(summed.paid_amount - summed.refunded_amount as decimal(18, 2)) as net_amount,
        member_months.month_start is not null as has_members,
        refund_months.month_start is not null as has_refunds
    from summed
    inner join product_orders
        on
            summed.platform = product_orders.platform
            and summed.product_id = product_orders.product_id
            and summed.month_start = product_orders.month_start
    inner join sold_products on summed.platform = sold_products.platform and summed.product_id = sold_products.product_id
    left join told_months as member_months
        on member_months.feed = 'members' and summed.month_start = member_months.month_start
    left join told_months as refund_months
        on
            refund_months.feed = 'refunds'
            and summed.month_start = refund_months.month_start
            and summed.platform = refund_months.platform
    cross join last_day
)

select
    platform,
    product_id,
    month_start,
    product_name,
    category,
    product_role,
    launched_date,
    coalesce(
        product_role = 'new'
        or month_start between cast(date_trunc('month', launched_date) as date)
        and {{ days_after('launched_date', var('new_product_days')) }},
        false
    ) as is_new_product,
    line_count,
    quantity,
    order_count,
    combined_order_count,
    {{ ratio('combined_order_count', 'order_count') }} as combined_order_ratio,
    paid_amount,
    {{ known_refunds('refunded_amount', 'has_refunds') }} as refunded_amount,
    net_amount,
    {{ ratio(known_refunds('refunded_amount', 'has_refunds'), 'paid_amount') }} as refunded_amount_ratio,
    cast(month_start + interval '1' month as date) <= {{ days_before('as_of_date', var('refund_maturity_days') ~ ' - 1') }}
        as is_mature,
    buyer_count,
    new_buyer_count,
    case when has_members then member_buyer_count end as member_buyer_count,
    case when has_members then {{ ratio('member_buyer_count', 'buyer_count') }} end as member_buyer_ratio,
    customer_paid_amount,
    case when has_members then member_paid_amount end as member_paid_amount,
    case when has_members then {{ ratio('member_paid_amount', 'customer_paid_amount') }} end as member_paid_amount_ratio,
    observed_count,
    repurchase_count,
    {{ ratio('repurchase_count', 'observed_count') }} as repurchase_ratio,
    {{ missing_feeds({
        'order buyers': 'buyer_count is null', 'members': 'not has_members', 'refunds': 'not has_refunds'
    }) }} as missing_feeds
from described
