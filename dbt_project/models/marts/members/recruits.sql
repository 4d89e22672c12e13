-- One row per membership: whom it recruited, and when he ordered first after joining.
-- Trap: a person is recruited once, by his first membership of the brand; who joined right after he paid is an old customer.
-- Whether he came without an order, and whether he has placed one since, is known only while his shop's feed of orders tells
-- (`scoped_feeds`): `unknown`, and `observed_days`.
with members as (
    select * from {{ ref('members') }}
),

customers as (
    select * from {{ ref('customers') }}
),

scoped_feeds as (
    select * from {{ ref('scoped_feeds') }}
    where feed = 'orders'
),

last_day as (
    {{ last_asked_day() }}
),

ranked as (
    select
        *,
        row_number() over (partition by customer_key order by joined_at, membership_key) as join_rank
    from members
)

select
    ranked.membership_key,
    ranked.customer_key,
    ranked.platform,
    ranked.shop_id,
    coalesce(ranked.join_channel, 'unknown') as join_channel,
    ranked.joined_date,
    ranked.left_date,
    case
        when ranked.join_rank > 1 then 'joined before'
        when scoped_feeds.shop_id is null then 'unknown'
        when customers.first_ordered_at < ranked.joined_at then 'old customer'
        else 'without order'
    end as recruited_as,
    cast(case
        when scoped_feeds.ended_date <= last_day.as_of_date
            then {{ days_between('ranked.joined_date', 'scoped_feeds.ended_date') }}
        when scoped_feeds.shop_id is not null then {{ days_between('ranked.joined_date', 'last_day.as_of_date') }} + 1
    end as bigint) as observed_days,
    cast({{ days_between('ranked.joined_date', 'customers.first_order_date') }} as bigint) as days_to_order
from ranked
cross join last_day
left join customers on ranked.customer_key = customers.customer_key
left join scoped_feeds
    on
        ranked.platform = scoped_feeds.platform
        and ranked.shop_id = scoped_feeds.shop_id
        and {{ holds_on('ranked.joined_date', 'scoped_feeds', 'begun_date', 'ended_date') }}
