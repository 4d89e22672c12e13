-- One row per month, shop and store in town with cards: their holders, and how many became WeCom friends and online buyers.
-- Trap: who holds cards of two stores stands in both: do not sum stores. Orders name no store and no feed brings targets, so that
-- sales of the store itself are null; online sales are those of its holders.
with offline_members as (
    select * from {{ ref('offline_members') }}
    where joined_at is not null
),

guide_contacts as (
    select * from {{ ref('guide_contacts') }}
),

orders as (
    select * from {{ ref('orders') }}
    where is_valid and customer_key is not null and platform <> 'pos'
),

feeds as (
    select * from {{ ref('feeds') }}
    where feed = 'guides'
),

months as (
    {{ known_months() }}
),

guide_months as (
    {{ told_months('feeds') }}
),

holders as (
    select
        shop_id,
        coalesce(store_id, 'unknown') as store_id,
        customer_key,
        min(cast(joined_at as date)) as joined_date
    from offline_members
    group by shop_id, coalesce(store_id, 'unknown'), customer_key
),

friend_months as (
    select
        months.month_start,
        guide_contacts.customer_key
    from months
    inner join guide_contacts
        on
            {{ holds_on('months.known_until', 'guide_contacts', 'added_date', 'removed_date') }}
    group by months.month_start, guide_contacts.customer_key
),

sold_months as (
    {{ sold_months() }}
),

sales as (
    select
        customer_key,
        cast(date_trunc('month', paid_date) as date) as month_start,
        sum(net_amount) as net_amount
    from orders
    where customer_key in (select holders.customer_key from holders)
    group by customer_key, cast(date_trunc('month', paid_date) as date)
),

counted as (
    select
        months.month_start,
        holders.shop_id,
        holders.store_id,
        cast(count(*) as bigint) as holder_count,
        cast(sum(case when holders.joined_date >= months.month_start then 1 else 0 end) as bigint) as new_holder_count,
        cast(count(friend_months.customer_key) as bigint) as friend_count,
        cast(count(sales.customer_key) as bigint) as online_buyer_count,
        cast(coalesce(sum(sales.net_amount), 0) as decimal(18, 2)) as online_net_amount
    from months
    inner join holders on months.known_until >= holders.joined_date
    left join friend_months
        on months.month_start = friend_months.month_start and holders.customer_key = friend_months.customer_key
    left join sales on months.month_start = sales.month_start and holders.customer_key = sales.customer_key
    group by months.month_start, holders.shop_id, holders.store_id
)

select
    counted.month_start,
    counted.shop_id,
    counted.store_id,
    counted.holder_count,
    counted.new_holder_count,
    case when guide_months.month_start is not null then counted.friend_count end as friend_count,
    case when guide_months.month_start is not null then {{ ratio('counted.friend_count', 'counted.holder_count') }} end
        as friend_ratio,
    case when sold_months.month_start is not null then counted.online_buyer_count end as online_buyer_count,
    case when sold_months.month_start is not null then {{ ratio('counted.online_buyer_count', 'counted.holder_count') }} end
        as online_buyer_ratio,
    case when sold_months.month_start is not null then counted.online_net_amount end as online_net_amount,
    cast(null as decimal(18, 2)) as store_net_amount,
    cast(null as decimal(18, 2)) as target_amount,
    case when guide_months.month_start is not null then '' else 'wecom customers, ' end
    || case when sold_months.month_start is not null then '' else 'orders, ' end
    || 'store orders, store targets' as missing_feeds
from counted
left join sold_months on counted.month_start = sold_months.month_start and sold_months.platform = 'all'
left join guide_months on counted.month_start = guide_months.month_start
