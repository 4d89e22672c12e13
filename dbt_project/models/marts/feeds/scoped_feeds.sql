-- One row per feed of sales, orders, members or refunds, scope (brand, platform, shop) and stretch of days that it tells of
-- without a silence of more than `feed_grace_days`.
-- Trap: sales are all valid orders, orders those of known buyers: of a shop that names nobody it is known what it sells, and not
-- to whom. `all` stands for what a scope does not tell apart; stretches of shops are not those of their platform. Refunds are of
-- earlier sales: their feed tells of what was sold in the grace before its first fact too.
with orders as (
    select * from {{ ref('orders') }}
    where is_valid
),

members as (
    select * from {{ ref('members') }}
),

refunds as (
    select * from {{ ref('refunds') }}
),

told_of_shops as (
    select
        'sales' as feed,
        platform,
        shop_id,
        paid_date as told_date
    from orders
    union all
    select
        'orders' as feed,
        platform,
        shop_id,
        paid_date as told_date
    from orders
    where customer_key is not null
    union all
    select
        'members' as feed,
        platform,
        shop_id,
        joined_date as told_date
    from members
    union all
    select
        'members' as feed,
        platform,
        shop_id,
        left_date as told_date
    from members
    where left_date is not null
    union all
    select
        'refunds' as feed,
        platform,
        shop_id,
        cast(applied_at as date) as told_date
    from refunds
    where applied_at is not null
    union all
    select
        'refunds' as feed,
        platform,
        shop_id,
        refunded_date as told_date
    from refunds
    where refunded_date is not null
),

told as (
    select
        feed,
        coalesce(platform, 'all') as platform,
        coalesce(shop_id, 'all') as shop_id,
        told_date
    from told_of_shops
    group by grouping sets ((feed, told_date), (feed, platform, told_date), (feed, platform, shop_id, told_date))
)

select
    feed,
    platform,
    shop_id,
    case when feed = 'refunds' then {{ days_before('begun_date', var('feed_grace_days')) }} else begun_date end as begun_date,
    last_date,
    ended_date,
    silent_date
from ({{ feed_stretches('told', ['feed', 'platform', 'shop_id']) }}) as stretches
