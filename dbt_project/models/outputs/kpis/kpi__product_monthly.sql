-- One row per product and month with valid sales.
-- Trap: buyers of several products are buyers of each; refunds are on the pay-time basis and ripen (`is_mature`). Who bought
-- again bought the same product on a later day within `product_repurchase_days` of his first day of the month, if they are over.
with order_lines as (
    select * from {{ ref('order_lines') }}
    where is_valid and product_id is not null
),

products as (
    select * from {{ ref('products') }}
),

last_day as (
    select max(as_of_date) as as_of_date from {{ ref('int_days_fingerprinted') }}
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
        *,
        case
            when last_date > first_date then last_date
            else min(first_date) over (
                partition by platform, product_id, customer_key order by month_start
                rows between 1 following and unbounded following
            )
        end as next_date
    from buyer_months
),

followed_up as (
    select
        followed.*,
        case
            when
                followed.customer_key is not null
                and {{ days_after('followed.first_date', var('product_repurchase_days') ~ ' - 1') }} <= last_day.as_of_date
                then 1
            else 0
        end as is_observed,
        case
            when followed.next_date <= {{ days_after('followed.first_date', var('product_repurchase_days')) }} then 1
            else 0
        end as has_bought_again
    from followed
    cross join last_day
),

summed as (
    select
        followed_up.platform,
        followed_up.product_id,
        followed_up.month_start,
        max(followed_up.product_name) as sold_name,
        cast(sum(followed_up.line_count) as bigint) as line_count,
        cast(sum(followed_up.quantity) as bigint) as quantity,
        cast(sum(followed_up.paid_amount) as decimal(18, 2)) as paid_amount,
        cast(sum(followed_up.refunded_amount) as decimal(18, 2)) as refunded_amount,
        cast(sum(case when followed_up.customer_key is not null then followed_up.paid_amount else 0 end) as decimal(18, 2))
            as customer_paid_amount,
        cast(sum(followed_up.member_paid_amount) as decimal(18, 2)) as member_paid_amount,
        cast(count(followed_up.customer_key) as bigint) as buyer_count,
        cast(sum(followed_up.is_new) as bigint) as new_buyer_count,
        cast(sum(followed_up.is_member) as bigint) as member_buyer_count,
        cast(sum(followed_up.is_observed) as bigint) as observed_count,
        cast(sum(followed_up.is_observed * followed_up.has_bought_again) as bigint) as repurchase_count
    from followed_up
    group by followed_up.platform, followed_up.product_id, followed_up.month_start
),

-- A row of the product's own platform says more than one of any platform.
described as (
    select
        summed.platform,
        summed.product_id,
        coalesce(max(case when products.platform <> 'generic' then products.product_name end), max(products.product_name))
            as product_name,
        coalesce(max(case when products.platform <> 'generic' then products.category end), max(products.category)) as category,
        coalesce(max(case when products.platform <> 'generic' then products.product_role end), max(products.product_role))
            as product_role,
        coalesce(max(case when products.platform <> 'generic' then products.launched_date end), max(products.launched_date))
            as launched_date
    from summed
    inner join products on summed.product_id = products.product_id and products.platform in (summed.platform, 'generic')
    group by summed.platform, summed.product_id
)

select
    summed.platform,
    summed.product_id,
    summed.month_start,
    coalesce(described.product_name, summed.sold_name) as product_name,
    described.category,
    described.product_role,
    described.launched_date,
    coalesce(
        described.product_role = 'new'
        or summed.month_start between cast(date_trunc('month', described.launched_date) as date)
        and {{ days_after('described.launched_date', var('new_product_days')) }},
        false
    ) as is_new_product,
    summed.line_count,
    summed.quantity,
    summed.paid_amount,
    summed.refunded_amount,
    cast(summed.paid_amount - summed.refunded_amount as decimal(18, 2)) as net_amount,
    {{ ratio('summed.refunded_amount', 'summed.paid_amount') }} as refunded_amount_ratio,
    cast(summed.month_start + interval '1' month as date)
    <= {{ days_before('last_day.as_of_date', var('refund_maturity_days') ~ ' - 1') }} as is_mature,
    case when summed.buyer_count > 0 then summed.buyer_count end as buyer_count,
    case when summed.buyer_count > 0 then summed.new_buyer_count end as new_buyer_count,
    case when summed.buyer_count > 0 then summed.member_buyer_count end as member_buyer_count,
    {{ ratio('summed.member_buyer_count', 'summed.buyer_count') }} as member_buyer_ratio,
    case when summed.buyer_count > 0 then summed.customer_paid_amount end as customer_paid_amount,
    case when summed.buyer_count > 0 then summed.member_paid_amount end as member_paid_amount,
    {{ ratio('summed.member_paid_amount', 'summed.customer_paid_amount') }} as member_paid_amount_ratio,
    case when summed.buyer_count > 0 then summed.observed_count end as observed_count,
    case when summed.buyer_count > 0 then summed.repurchase_count end as repurchase_count,
    {{ ratio('summed.repurchase_count', 'summed.observed_count') }} as repurchase_ratio,
    case when summed.buyer_count = 0 then 'order buyers' end as missing_feeds
from summed
left join described on summed.platform = described.platform and summed.product_id = described.product_id
cross join last_day
