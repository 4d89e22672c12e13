-- One row per period and scope (brand, platform, shop) with sales to known customers: how many different customers bought.
-- Trap: customers do not add up over days, shops or platforms: each period and scope is counted anew. Whoever joined between two
-- orders of a period bought as a member and as none; a new buyer is one whose first order of all falls into the period.
{{ table_by_day(days='sales_period_starts', day='period_start') }}

with due_days as (
    {{ due_days(days='sales_period_starts', day='period_start') }}
),

period_days as (
    select
        period_key,
        period_start,
        business_date
    from {{ ref('period_days') }}
    where period_start in (select due_days.period_start from due_days)
),

order_lines as (
    select
        paid_date,
        platform,
        shop_id,
        customer_key,
        is_member_at_order,
        is_first_order
    from {{ ref('order_lines') }}
    where is_valid and customer_key is not null and paid_date in (select period_days.business_date from period_days)
),

buyers_by_day as (
    select
        paid_date,
        platform,
        shop_id,
        customer_key,
        max(case when is_member_at_order then 1 else 0 end) as is_member,
        max(case when is_member_at_order then 0 else 1 end) as is_non_member,
        max(case when is_first_order then 1 else 0 end) as is_new
    from order_lines
    group by paid_date, platform, shop_id, customer_key
),

-- A platform or shop that is null stands for all of them.
buyers as (
    select
        period_days.period_key,
        period_days.period_start,
        buyers_by_day.platform,
        buyers_by_day.shop_id,
        max(buyers_by_day.is_member) as is_member,
        max(buyers_by_day.is_non_member) as is_non_member,
        max(buyers_by_day.is_new) as is_new
    from period_days
    inner join buyers_by_day on period_days.business_date = buyers_by_day.paid_date
    group by grouping sets (
        (period_days.period_key, period_days.period_start, buyers_by_day.customer_key),
        (period_days.period_key, period_days.period_start, buyers_by_day.customer_key, buyers_by_day.platform),
        (
            period_days.period_key, period_days.period_start, buyers_by_day.customer_key, buyers_by_day.platform,
            buyers_by_day.shop_id
        )
    )
)

select
    period_key,
    period_start,
    coalesce(platform, 'all') as platform,
    coalesce(shop_id, 'all') as shop_id,
    cast(count(*) as bigint) as buyer_count,
    cast(sum(is_new) as bigint) as new_buyer_count,
    cast(sum(is_member) as bigint) as member_buyer_count,
    cast(sum(is_non_member) as bigint) as non_member_buyer_count
from buyers
group by period_key, period_start, platform, shop_id
