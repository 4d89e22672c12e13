-- One row per card of a shop in town that is neither closed nor merged: what the platforms know of its holder.
-- Trap: recognised means that the holder has an account on a platform, by identity; joined means a membership there.
with cards as (
    select * from {{ ref('stg_pos__members') }}
    where card_status not in ('closed', 'merged')
),

accounts as (
    select * from {{ ref('customer_accounts') }}
),

consents as (
    select * from {{ ref('consents') }}
    where purpose = 'share_with_ad_platform'
),

members as (
    select * from {{ ref('members') }}
    where platform <> 'pos'
),

orders as (
    select * from {{ ref('orders') }}
    where is_valid and platform <> 'pos'
),

recognised as (
    select customer_key
    from accounts
    where platform in ('douyin', 'tmall', 'jd')
    group by customer_key
),

consents_by_account as (
    select
        customer_key,
        account_key,
        max(granted_at) as granted_at,
        max(withdrawn_at) as withdrawn_at
    from consents
    group by customer_key, account_key
),

-- The strictest account of a person speaks for all of them.
sharing as (
    select customer_key
    from consents_by_account
    group by customer_key
    having
        max(granted_at) is not null
        and max(case when granted_at is null or withdrawn_at >= granted_at then 1 else 0 end) = 0
),

joined as (
    select
        customer_key,
        min(joined_at) as joined_at
    from members
    group by customer_key
),

bought as (
    select
        customer_key,
        min(paid_date) as first_online_order_date,
        sum(net_amount) as online_net_amount
    from orders
    where customer_key is not null
    group by customer_key
)

select
    cards.account_key,
    accounts.customer_key,
    cards.shop_id,
    cards.store_id,
    cards.joined_at,
    cards.phone_token is not null as has_phone,
    cards.phone_token is not null and sharing.customer_key is not null as is_uploadable,
    recognised.customer_key is not null as is_recognised,
    joined.joined_at as online_joined_at,
    bought.first_online_order_date,
    cast(coalesce(bought.online_net_amount, 0) as decimal(18, 2)) as online_net_amount
from cards
inner join accounts on cards.account_key = accounts.account_key
left join sharing on accounts.customer_key = sharing.customer_key
left join recognised on accounts.customer_key = recognised.customer_key
left join joined on accounts.customer_key = joined.customer_key
left join bought on accounts.customer_key = bought.customer_key
