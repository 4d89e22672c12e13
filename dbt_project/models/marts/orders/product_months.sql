-- One row per month with sales up to the last day asked for, and the fingerprint of what its products' figures are made of.
-- Trap: who bought in a month is followed for `product_repurchase_days`, so a day concerns the months before it, too; a month of
-- which everything is over changes no more.
with sales_days as (
    select * from {{ ref('sales_days') }}
),

order_feeds as (
    select * from {{ ref('scoped_feeds') }}
    where feed = 'orders' and platform <> 'all' and shop_id = 'all'
),

last_day as (
    {{ last_asked_day() }}
),

months as (
    select
        cast(date_trunc('month', sales_days.business_date) as date) as month_start,
        max(last_day.as_of_date) as as_of_date
    from sales_days
    inner join last_day on sales_days.business_date <= last_day.as_of_date
    group by cast(date_trunc('month', sales_days.business_date) as date)
),

followed as (
    select
        month_start,
        {{ product_month_end() }} as followed_until,
        least(as_of_date, {{ product_month_end() }}) as known_until
    from months
),

days as (
    select
        followed.month_start,
        followed.followed_until,
        followed.known_until,
        {{ rows_fingerprint(['sales_days.business_date', 'sales_days.fingerprint']) }} as fingerprint
    from followed
    inner join sales_days on sales_days.business_date between followed.month_start and followed.known_until
    group by followed.month_start, followed.followed_until, followed.known_until
)

select
    days.month_start,
    cast(days.known_until as varchar) || '+' || cast(days.fingerprint as varchar)
    || coalesce('+' || cast({{ rows_fingerprint([
        'order_feeds.platform',
        'greatest(order_feeds.begun_date, days.month_start)',
        "least(coalesce(order_feeds.ended_date, cast('9999-12-31' as date)), days.followed_until)"
    ]) }} as varchar), '') as fingerprint
from days
left join order_feeds
    on
        days.followed_until >= order_feeds.begun_date
        and coalesce(order_feeds.ended_date, cast('9999-12-31' as date)) > days.month_start
group by days.month_start, days.followed_until, days.known_until, days.fingerprint
