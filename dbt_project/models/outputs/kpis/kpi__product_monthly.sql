-- One row per product and month with valid sales.
-- Trap: buyers of several products are buyers of each; refunds are on the pay-time basis and ripen (`is_mature`). Who bought
-- again bought the same product on a later day within `product_repurchase_days` of his first day of the month, if they are over
-- and orders of the platform were told all through.
with product_sales as (
    select * from {{ ref('product_sales_monthly') }}
),

sold_products as (
    select * from {{ ref('sold_products') }}
),

product_orders as (
    select * from {{ ref('product_orders_monthly') }}
),

scoped_feeds as (
    select * from {{ ref('scoped_feeds') }}
    where shop_id = 'all' and (feed = 'refunds' or feed = 'members' and platform = 'all')
),

last_day as (
    {{ last_asked_day() }}
),

-- Months of which a feed of members, or of the platform's refunds, tells any day: of others it is unknown who bought as a
-- member, or what came back.
told_months as (
    select
        product_sales.month_start,
        scoped_feeds.feed,
        scoped_feeds.platform
    from product_sales
    inner join scoped_feeds
        on
            cast(product_sales.month_start + interval '1' month as date) > scoped_feeds.begun_date
            and product_sales.month_start < coalesce(scoped_feeds.ended_date, cast('9999-12-31' as date))
    group by product_sales.month_start, scoped_feeds.feed, scoped_feeds.platform
),

described as (
    select
        product_sales.*,
        product_orders.order_count,
        product_orders.combined_order_count,
        coalesce(sold_products.product_name, product_sales.sold_name) as product_name,
        sold_products.category,
        sold_products.product_role,
        sold_products.launched_date,
        last_day.as_of_date,
        cast(product_sales.paid_amount - product_sales.refunded_amount as decimal(18, 2)) as net_amount,
        member_months.month_start is not null as has_members,
        refund_months.month_start is not null as has_refunds
    from product_sales
    inner join product_orders
        on
            product_sales.platform = product_orders.platform
            and product_sales.product_id = product_orders.product_id
            and product_sales.month_start = product_orders.month_start
    left join sold_products
        on product_sales.platform = sold_products.platform and product_sales.product_id = sold_products.product_id
    left join told_months as member_months
        on member_months.feed = 'members' and product_sales.month_start = member_months.month_start
    left join told_months as refund_months
        on
            refund_months.feed = 'refunds'
            and product_sales.month_start = refund_months.month_start
            and product_sales.platform = refund_months.platform
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
