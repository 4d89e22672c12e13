-- One row per month: customers who were lost, and buyers who came to a category new to them.
-- Trap: who was active when the month began is lost when as many days have gone without a purchase that stands as the slowest
-- category of his last purchases allows (`category_intervals`, as known now); he may come back. Null while the month lasts.
with order_lines as (
    select * from {{ ref('order_lines') }}
    where is_valid and not is_fully_refunded and customer_key is not null
),

customer_products as (
    select * from {{ ref('customer_products') }}
),

products as (
    select * from {{ ref('products') }}
    where category is not null
),

category_intervals as (
    select * from {{ ref('category_intervals') }}
),

months as (
    {{ known_months() }}
),

intervals_by_product as (
    select
        products.platform,
        products.product_id,
        max(category_intervals.churn_days) as churn_days
    from products
    inner join category_intervals on products.category = category_intervals.category
    group by products.platform, products.product_id
),

purchase_days as (
    select
        order_lines.customer_key,
        order_lines.paid_date,
        max(coalesce(intervals_by_product.churn_days, {{ var('churn_days') }})) as churn_days,
        min(order_lines.paid_date) over (partition by order_lines.customer_key) as first_date
    from order_lines
    left join intervals_by_product
        on
            order_lines.product_id = intervals_by_product.product_id
            and intervals_by_product.platform in (order_lines.platform, 'generic')
    group by order_lines.customer_key, order_lines.paid_date
),

category_firsts as (
    select
        customer_products.customer_key,
        products.category,
        min(customer_products.first_paid_date) as paid_date,
        min(min(customer_products.first_paid_date)) over (partition by customer_products.customer_key) as first_date
    from customer_products
    inner join products
        on
            customer_products.product_id = products.product_id
            and products.platform in (customer_products.platform, 'generic')
    group by customer_products.customer_key, products.category
),

{% set window = var('cross_category_days') -%}
stretches as (
    select
        'active' as measure,
        customer_key,
        paid_date as valid_from,
        {{ days_after('paid_date', 'churn_days') }} as valid_to
    from purchase_days
    union all
    select
        'repeating' as measure,
        customer_key,
        paid_date as valid_from,
        {{ days_after('paid_date', window) }} as valid_to
    from purchase_days
    where paid_date > first_date
    union all
    select
        'crossing' as measure,
        customer_key,
        paid_date as valid_from,
        {{ days_after('paid_date', window) }} as valid_to
    from category_firsts
    where paid_date > first_date
),

merged as (
    {{ merged_periods('stretches', ['measure', 'customer_key']) }}
),

merged_by_month as (
    select
        measure,
        cast(date_trunc('month', valid_from) as date) as from_month,
        cast(date_trunc('month', valid_to) as date) as to_month,
        count(*) as customer_count
    from merged
    group by measure, cast(date_trunc('month', valid_from) as date), cast(date_trunc('month', valid_to) as date)
),

-- Who is in a state when a month begins came into it in an earlier one; who leaves it in the month is not in it at its end.
told_apart as (
    select
        months.month_start,
        merged_by_month.measure,
        merged_by_month.customer_count,
        merged_by_month.from_month < months.month_start and merged_by_month.to_month >= months.month_start as is_in_at_start,
        merged_by_month.from_month < months.month_start and merged_by_month.to_month = months.month_start as is_leaving,
        merged_by_month.to_month > months.month_start as is_in_at_end
    from months
    inner join merged_by_month on months.month_start >= merged_by_month.from_month
),

counted as (
    select
        month_start,
        sum(case when measure = 'active' and is_in_at_start then customer_count end) as active_count,
        sum(case when measure = 'active' and is_leaving then customer_count end) as lost_count,
        sum(case when measure = 'repeating' and is_in_at_end then customer_count end) as repeat_buyer_count,
        sum(case when measure = 'crossing' and is_in_at_end then customer_count end) as cross_category_count
    from told_apart
    group by month_start
),

feeds as (
    select count(*) > 0 as has_categories from products
),

-- Known of a month that is over; what asks for categories, where any are known.
told as (
    select
        months.month_start,
        months.is_complete,
        feeds.has_categories,
        case when months.is_complete then coalesce(counted.active_count, 0) end as active_count,
        case when months.is_complete then coalesce(counted.lost_count, 0) end as lost_count,
        case when months.is_complete and feeds.has_categories then coalesce(counted.repeat_buyer_count, 0) end
            as repeat_buyer_count,
        case when months.is_complete and feeds.has_categories then coalesce(counted.cross_category_count, 0) end
            as cross_category_count
    from months
    left join counted on months.month_start = counted.month_start
    cross join feeds
)

select
    month_start,
    is_complete,
    cast(active_count as bigint) as active_count,
    cast(lost_count as bigint) as lost_count,
    {{ ratio('lost_count', 'active_count') }} as lost_ratio,
    cast(repeat_buyer_count as bigint) as repeat_buyer_count,
    cast(cross_category_count as bigint) as cross_category_count,
    {{ ratio('cross_category_count', 'repeat_buyer_count') }} as cross_category_ratio,
    case when not has_categories then 'product categories' end as missing_feeds
from told
