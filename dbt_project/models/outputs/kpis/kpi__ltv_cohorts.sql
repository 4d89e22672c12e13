-- One row per cohort month, scope (brand, platform, shop) and age in months: what the cohort's customers have brought so far.
-- Trap: age 0 is the cohort's own month, and amounts accumulate from it; they are null while the month of that age lasts. Only
-- orders that stand make a cohort and are counted; what was paid for others since then is in the gross. Refunds known by now are
-- taken off whenever they came. What is bought after orders of the scope are told no more is unknown.
with sums as (
    select * from {{ ref('cohort_sales_monthly') }}
),

months as (
    {{ known_months() }}
),

sold_months as (
    {{ sold_months() }}
),

-- In a month without a purchase a cohort is a month older, too.
ages as (
    select
        sums.cohort_month,
        sums.platform,
        sums.shop_id,
        sums.buyer_count as customer_count,
        months.month_start,
        months.is_complete,
        sold_months.month_start is not null as is_told
    from sums
    inner join months on sums.cohort_month <= months.month_start
    left join sold_months
        on
            months.month_start = sold_months.month_start
            and sums.platform = sold_months.platform
            and sums.shop_id = sold_months.shop_id
    where sums.month_start = sums.cohort_month
),

accumulated as (
    select
        ages.cohort_month,
        ages.platform,
        ages.shop_id,
        ages.customer_count,
        ages.month_start,
        ages.is_complete,
        ages.is_complete and ages.is_told as is_known,
        ages.is_complete and bool_and(ages.is_told) over history as is_known_so_far,
        sums.buyer_count,
        sum(sums.order_count) over history as order_count,
        sum(sums.paid_amount) over history as paid_amount,
        sum(sums.net_amount) over history as net_amount
    from ages
    left join sums
        on
            ages.cohort_month = sums.cohort_month
            and ages.platform = sums.platform
            and ages.shop_id = sums.shop_id
            and ages.month_start = sums.month_start
    window history as (partition by ages.cohort_month, ages.platform, ages.shop_id order by ages.month_start)
)

select
    cohort_month,
    case when platform = 'all' then 'brand' when shop_id = 'all' then 'platform' else 'shop' end as scope,
    platform,
    shop_id,
    cast(
        (year(month_start) - year(cohort_month)) * 12 + month(month_start) - month(cohort_month) as bigint
    ) as age_months,
    is_complete,
    cast(customer_count as bigint) as customer_count,
    case when is_known then cast(coalesce(buyer_count, 0) as bigint) end as active_buyer_count,
    case when is_known then {{ ratio('coalesce(buyer_count, 0)', 'customer_count') }} end as active_buyer_ratio,
    case when is_known_so_far then cast(order_count as bigint) end as order_count,
    case when is_known_so_far then cast(paid_amount as decimal(18, 2)) end as paid_amount,
    case when is_known_so_far then cast(net_amount as decimal(18, 2)) end as net_amount,
    case when is_known_so_far then {{ ratio('order_count', 'customer_count') }} end as orders_per_customer,
    case when is_known_so_far then {{ yuan(ratio('paid_amount', 'customer_count')) }} end
        as paid_amount_per_customer,
    case when is_known_so_far then {{ yuan(ratio('net_amount', 'customer_count')) }} end
        as net_amount_per_customer,
    case when is_complete and not is_known_so_far then 'orders' end as missing_feeds
from accumulated
