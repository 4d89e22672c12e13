-- One row per cohort month, scope (brand, platform, shop), customer group, day of entry and days until the next purchase day.
-- Trap: a cohort is of the first purchase day that stands (`all`, `member`, `non_member`), or of a month's first purchase day of
-- a gift pack (`pack_buyer`), or of anything by those who bought none (`other_buyer`): add up the customers of one group only.
-- Whose day no feed of members tells of is `unknown`: of the platform and its shops its own has to, of the brand any.
with orders as (
    select * from {{ ref('orders') }}
    where is_valid and not is_fully_refunded and customer_key is not null
),

order_lines as (
    select * from {{ ref('order_lines') }}
    where is_valid and not is_fully_refunded and customer_key is not null
),

packs as (
    select * from {{ ref('sold_products') }}
    where product_role = 'gift_pack'
),

sales_scopes as (
    select * from {{ ref('sales_scopes') }}
),

scoped_feeds as (
    select * from {{ ref('scoped_feeds') }}
    where feed = 'members' and shop_id = 'all'
),

last_day as (
    {{ last_asked_day() }}
),

-- Who joined between two orders of the day was no member when ordering first.
purchase_days as (
    select
        orders.customer_key,
        coalesce(sales_scopes.scope_number, sales_scopes.platform_scope_number, 0) as scope_number,
        orders.paid_date,
        coalesce(min(case when orders.is_member_at_order then orders.paid_at end) = min(orders.paid_at), false) as is_member
    from orders
    inner join sales_scopes on orders.platform = sales_scopes.platform and orders.shop_id = sales_scopes.shop_id
    where orders.paid_date <= (select last_day.as_of_date from last_day)
    group by grouping sets (
        (orders.customer_key, orders.paid_date),
        (orders.customer_key, orders.paid_date, sales_scopes.platform_scope_number),
        (orders.customer_key, orders.paid_date, sales_scopes.scope_number)
    )
),

followed as (
    select
        customer_key,
        scope_number,
        paid_date,
        is_member,
        cast(date_trunc('month', paid_date) as date) as cohort_month,
        lag(paid_date) over (partition by customer_key, scope_number order by paid_date) as previous_date,
        lead(paid_date) over (partition by customer_key, scope_number order by paid_date) as next_date
    from purchase_days
),

pack_days as (
    select
        lines.customer_key,
        coalesce(sales_scopes.scope_number, sales_scopes.platform_scope_number, 0) as scope_number,
        lines.paid_date
    from order_lines as lines
    inner join packs on lines.platform = packs.platform and lines.product_id = packs.product_id
    inner join sales_scopes on lines.platform = sales_scopes.platform and lines.shop_id = sales_scopes.shop_id
    group by grouping sets (
        (lines.customer_key, lines.paid_date),
        (lines.customer_key, lines.paid_date, sales_scopes.platform_scope_number),
        (lines.customer_key, lines.paid_date, sales_scopes.scope_number)
    )
),

-- A later day is followed by a later one: the least next day is that of the first.
monthly_buyers as (
    select
        followed.customer_key,
        followed.scope_number,
        followed.cohort_month,
        count(pack_days.customer_key) > 0 as has_pack,
        min(followed.paid_date) as paid_date,
        min(followed.next_date) as next_date,
        min(case when pack_days.customer_key is not null then followed.paid_date end) as pack_date,
        min(case when pack_days.customer_key is not null then followed.next_date end) as pack_next_date
    from followed
    left join pack_days
        on
            followed.customer_key = pack_days.customer_key
            and followed.scope_number = pack_days.scope_number
            and followed.paid_date = pack_days.paid_date
    where exists (select any_pack_days.customer_key from pack_days as any_pack_days)
    group by followed.customer_key, followed.scope_number, followed.cohort_month
),

-- Whoever enters with a first purchase day does so as one of all, and as a member or not.
groupings as (
    select false as is_by_membership
    union all
    select true as is_by_membership
),

entrants as (
    select
        followed.cohort_month,
        followed.scope_number,
        case
            when not groupings.is_by_membership then 'all'
            when scoped_feeds.platform is null then 'unknown'
            when followed.is_member then 'member'
            else 'non_member'
        end as customer_group,
        followed.paid_date,
        {{ days_between('followed.paid_date', 'followed.next_date') }} as days_to_next
    from followed
    cross join groupings
    inner join sales_scopes on followed.scope_number = sales_scopes.scope_number
    left join scoped_feeds
        on
            sales_scopes.platform = scoped_feeds.platform
            and {{ holds_on('followed.paid_date', 'scoped_feeds', 'begun_date', 'ended_date') }}
    where followed.previous_date is null
    union all
    select
        cohort_month,
        scope_number,
        case when has_pack then 'pack_buyer' else 'other_buyer' end as customer_group,
        case when has_pack then pack_date else paid_date end as paid_date,
        case
            when has_pack then {{ days_between('pack_date', 'pack_next_date') }}
            else {{ days_between('paid_date', 'next_date') }}
        end as days_to_next
    from monthly_buyers
),

counted as (
    select
        cohort_month,
        scope_number,
        customer_group,
        paid_date,
        days_to_next,
        count(*) as customer_count
    from entrants
    group by cohort_month, scope_number, customer_group, paid_date, days_to_next
)

select
    counted.cohort_month,
    sales_scopes.platform,
    sales_scopes.shop_id,
    counted.customer_group,
    counted.paid_date,
    cast(counted.days_to_next as bigint) as days_to_next,
    cast(counted.customer_count as bigint) as customer_count
from counted
inner join sales_scopes on counted.scope_number = sales_scopes.scope_number
