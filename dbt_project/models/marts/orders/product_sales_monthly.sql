-- One row per product and month with valid sales: what was sold to how many, and how many of them came again.
-- Trap: buyers of several products are buyers of each, and counts of buyers are null where no order names one. Who bought again
-- bought the same product on a later day within `product_repurchase_days` of his first day of the month, if they are over and
-- orders of the platform were told all through.
{{ table_by_day(days='product_months', day='month_start') }}

with due_months as (
    {{ due_days(days='product_months', day='month_start') }}
),

days as (
    {{ days_of_product_months(is_followed=true) }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
    where is_valid and product_id is not null and paid_date in (select days.business_date from days)
),

scoped_feeds as (
    select * from {{ ref('scoped_feeds') }}
    where feed = 'orders' and shop_id = 'all'
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
            buyer_months.platform = scoped_feeds.platform
            and {{ holds_on('buyer_months.first_date', 'scoped_feeds', 'begun_date', 'ended_date') }}
)

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
where month_start in (select due_months.month_start from due_months)
group by platform, product_id, month_start
