-- One row per platform, shop and business day with sales or refunds.
-- Trap: `refunded_amount` and `net_amount` are on the pay-time basis (refunds dated by their order's pay day); the
-- `_refund_time` columns date refunds by success. Both are right; never mix them. Where no feed of refunds of the platform tells,
-- refunds are unknown unless some are known, and net is gross less those: shares of refunds divide by what is told of.
{{ table_by_day(days='sales_days', day='business_date') }}

with due_days as (
    {{ due_days(days='sales_days', day='business_date') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

refunds as (
    select * from {{ ref('refunds') }}
),

refund_feeds as (
    select * from {{ ref('scoped_feeds') }}
    where feed = 'refunds' and shop_id = 'all'
),

sales as (
    select
        platform,
        shop_id,
        paid_date as business_date,
        count(distinct order_key) as order_count,
        count(*) as line_count,
        sum(quantity) as quantity,
        sum(paid_amount) as paid_amount,
        sum(refunded_amount) as refunded_amount,
        count(distinct case when refunded_amount > 0 then order_key end) as refunded_order_count,
        nullif(count(distinct customer_key), 0) as buyer_count,
        case when count(customer_key) > 0 then count(distinct case when is_first_order then customer_key end) end
            as new_buyer_count,
        count(customer_key) as customer_line_count,
        sum(case when customer_key is not null then paid_amount else 0 end) as customer_paid_amount
    from order_lines
    where is_valid and paid_date in (select due_days.business_date from due_days)
    group by platform, shop_id, paid_date
),

refunds_by_day as (
    select
        platform,
        shop_id,
        refunded_date as business_date,
        sum(counted_amount) as refunded_amount_refund_time
    from refunds
    where counted_amount > 0 and is_of_valid_line and refunded_date in (select due_days.business_date from due_days)
    group by platform, shop_id, refunded_date
),

-- Where nothing was sold nobody bought; where no line names a buyer, who did is unknown.
joined as (
    select
        coalesce(sales.platform, refunds_by_day.platform) as platform,
        coalesce(sales.shop_id, refunds_by_day.shop_id) as shop_id,
        coalesce(sales.business_date, refunds_by_day.business_date) as business_date,
        cast(coalesce(sales.order_count, 0) as bigint) as order_count,
        cast(coalesce(sales.line_count, 0) as bigint) as line_count,
        cast(coalesce(sales.quantity, 0) as bigint) as quantity,
        cast(coalesce(sales.paid_amount, 0) as decimal(18, 2)) as paid_amount,
        cast(coalesce(sales.refunded_amount, 0) as decimal(18, 2)) as refunded_amount,
        cast(coalesce(refunds_by_day.refunded_amount_refund_time, 0) as decimal(18, 2)) as refunded_amount_refund_time,
        cast(coalesce(sales.refunded_order_count, 0) as bigint) as refunded_order_count,
        cast(coalesce(sales.customer_line_count, 0) as bigint) as customer_line_count,
        cast(coalesce(sales.customer_paid_amount, 0) as decimal(18, 2)) as customer_paid_amount,
        cast(case when sales.line_count is null then 0 else sales.buyer_count end as bigint) as buyer_count,
        cast(case when sales.line_count is null then 0 else sales.new_buyer_count end as bigint) as new_buyer_count
    from sales
    full outer join refunds_by_day
        on
            sales.platform = refunds_by_day.platform
            and sales.shop_id = refunds_by_day.shop_id
            and sales.business_date = refunds_by_day.business_date
),

told as (
    select
        joined.*,
        refund_feeds.feed is not null as has_refunds,
        refund_feeds.feed is not null or joined.refunded_amount > 0 as is_told
    from joined
    left join refund_feeds
        on
            joined.platform = refund_feeds.platform
            and {{ holds_on('joined.business_date', 'refund_feeds', 'begun_date', 'ended_date') }}
)

select
    platform,
    shop_id,
    business_date,
    order_count,
    line_count,
    quantity,
    paid_amount,
    case when is_told then refunded_amount end as refunded_amount,
    cast(paid_amount - refunded_amount as decimal(18, 2)) as net_amount,
    {{ known_refunds('refunded_amount_refund_time', 'has_refunds') }} as refunded_amount_refund_time,
    cast(paid_amount - refunded_amount_refund_time as decimal(18, 2)) as net_amount_refund_time,
    case when is_told then refunded_order_count end as refunded_order_count,
    case when is_told then paid_amount end as told_paid_amount,
    case when is_told then order_count end as told_order_count,
    buyer_count,
    new_buyer_count,
    customer_line_count,
    customer_paid_amount,
    {{ ratio('customer_line_count', 'line_count') }} as customer_line_ratio,
    {{ ratio('customer_paid_amount', 'paid_amount') }} as customer_paid_amount_ratio,
    case when is_told then {{ ratio('refunded_amount', 'paid_amount') }} end as refunded_amount_ratio,
    case when is_told then {{ ratio('refunded_order_count', 'order_count') }} end as refunded_order_ratio,
    {{ yuan(ratio('paid_amount', 'order_count')) }} as amount_per_order,
    {{ yuan(ratio('customer_paid_amount', 'buyer_count')) }} as amount_per_buyer,
    {{ missing_feeds({'order buyers': 'buyer_count is null', 'refunds': 'not has_refunds'}) }} as missing_feeds
from told
