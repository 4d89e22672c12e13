-- One row per shop and store whose cards are kept: how many of their holders the platforms could find, and did (上翻).
-- Trap: it is the state of the latest build, no history; who holds cards of two stores stands in both: do not sum stores.
with cards as (
    select * from {{ ref('offline_members') }}
),

feeds as (
    select * from {{ ref('feeds') }}
    where platform <> 'pos'
),

told as (
    select
        coalesce(bool_or(platform in ('douyin', 'tmall', 'jd')), false) as has_platforms,
        coalesce(bool_or(feed = 'members'), false) as has_members,
        coalesce(bool_or(feed = 'orders'), false) as has_orders
    from feeds
),

holders as (
    select
        shop_id,
        coalesce(store_id, 'unknown') as store_id,
        customer_key,
        count(*) as card_count,
        max(case when has_phone then 1 else 0 end) as has_phone,
        max(case when is_uploadable then 1 else 0 end) as is_uploadable,
        max(case when is_recognised then 1 else 0 end) as is_recognised,
        max(case when online_joined_at is not null then 1 else 0 end) as has_joined,
        max(case when first_online_order_date is not null then 1 else 0 end) as has_bought,
        max(online_net_amount) as online_net_amount
    from cards
    group by shop_id, coalesce(store_id, 'unknown'), customer_key
),

counted as (
    select
        shop_id,
        store_id,
        cast(sum(card_count) as bigint) as card_count,
        cast(count(*) as bigint) as holder_count,
        cast(sum(has_phone) as bigint) as phone_count,
        cast(sum(is_uploadable) as bigint) as uploadable_count,
        cast(sum(is_recognised) as bigint) as recognised_count,
        cast(sum(is_uploadable * is_recognised) as bigint) as uploadable_recognised_count,
        cast(sum(has_joined) as bigint) as joined_count,
        cast(sum(is_uploadable * has_joined) as bigint) as uploadable_joined_count,
        cast(sum(has_bought) as bigint) as online_buyer_count,
        cast(sum(online_net_amount) as decimal(18, 2)) as online_net_amount
    from holders
    group by shop_id, store_id
),

-- What no feed tells of is unknown, not zero.
known as (
    select
        counted.shop_id,
        counted.store_id,
        counted.card_count,
        counted.holder_count,
        counted.phone_count,
        counted.uploadable_count,
        case when told.has_platforms then counted.recognised_count end as recognised_count,
        case when told.has_platforms then counted.uploadable_recognised_count end as uploadable_recognised_count,
        case when told.has_members then counted.joined_count end as joined_count,
        case when told.has_members then counted.uploadable_joined_count end as uploadable_joined_count,
        case when told.has_orders then counted.online_buyer_count end as online_buyer_count,
        case when told.has_orders then counted.online_net_amount end as online_net_amount
    from counted
    cross join told
)

select
    shop_id,
    store_id,
    card_count,
    holder_count,
    phone_count,
    uploadable_count,
    recognised_count,
    uploadable_recognised_count,
    joined_count,
    uploadable_joined_count,
    online_buyer_count,
    online_net_amount,
    {{ ratio('uploadable_recognised_count', 'uploadable_count') }} as recognised_ratio,
    {{ ratio('uploadable_joined_count', 'uploadable_count') }} as joined_ratio,
    {{ missing_feeds({
        'platform accounts': 'recognised_count is null',
        'members': 'joined_count is null',
        'orders': 'online_buyer_count is null'
    }) }} as missing_feeds
from known
