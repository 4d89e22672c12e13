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
    inner join products on customer_products.product_id = products.product_id
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

followed as (
    select
        measure,
        customer_key,
        valid_from,
        valid_to,
        case
            when
                valid_from <= max(valid_to) over (
                    partition by measure, customer_key order by valid_from, valid_to
                    rows between unbounded preceding and 1 preceding
                )
                then 0
            else 1
        end as is_begun
    from stretches
),

numbered as (
    select
        measure,
        customer_key,
        valid_from,
        valid_to,
        sum(is_begun) over (
            partition by measure, customer_key order by valid_from, valid_to
            rows between unbounded preceding and current row
        ) as stretch_number
    from followed
),

merged as (
    select
        measure,
        cast(date_trunc('month', min(valid_from)) as date) as from_month,
        cast(date_trunc('month', max(valid_to)) as date) as to_month
    from numbered
    group by measure, customer_key, stretch_number
),

merged_by_month as (
    select
        measure,
        from_month,
        to_month,
        count(*) as customer_count
    from merged
    group by measure, from_month, to_month
),

-- Who is in a state when a month begins came into it in an earlier one; who leaves it in the month is not in it at its end.
told_apart as (
    select
        months.month_start,
        months.is_complete,
        merged_by_month.measure,
        merged_by_month.customer_count,
        merged_by_month.from_month < months.month_start and merged_by_month.to_month >= months.month_start as is_in_at_start,
        merged_by_month.from_month < months.month_start and merged_by_month.to_month = months.month_start as is_leaving,
        merged_by_month.to_month > months.month_start as is_in_at_end
    from months
    left join merged_by_month on months.month_start >= merged_by_month.from_month
),

counted as (
    select
        month_start,
        is_complete,
        sum(case when measure = 'active' and is_in_at_start then customer_count else 0 end) as active_count,
        sum(case when measure = 'active' and is_leaving then customer_count else 0 end) as lost_count,
        sum(case when measure = 'repeating' and is_in_at_end then customer_count else 0 end) as repeat_buyer_count,
        sum(case when measure = 'crossing' and is_in_at_end then customer_count else 0 end) as cross_category_count
    from told_apart
    group by month_start, is_complete
),

feeds as (
    select count(*) > 0 as has_categories from products
)

select
    counted.month_start,
    counted.is_complete,
    case when counted.is_complete then cast(counted.active_count as bigint) end as active_count,
    case when counted.is_complete then cast(counted.lost_count as bigint) end as lost_count,
    case when counted.is_complete then {{ ratio('counted.lost_count', 'counted.active_count') }} end as lost_ratio,
    case when counted.is_complete and feeds.has_categories then cast(counted.repeat_buyer_count as bigint) end
        as repeat_buyer_count,
    case when counted.is_complete and feeds.has_categories then cast(counted.cross_category_count as bigint) end
        as cross_category_count,
    case
        when counted.is_complete and feeds.has_categories
            then {{ ratio('counted.cross_category_count', 'counted.repeat_buyer_count') }}
    end as cross_category_ratio,
    case when not feeds.has_categories then 'product categories' end as missing_feeds
from counted
cross join feeds
