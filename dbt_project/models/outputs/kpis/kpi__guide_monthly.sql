-- One row per month, shop of WeCom and guide (employee): his friends, and what they bought in the month.
-- Trap: a friend of several guides is a friend of each, and so are his purchases: do not sum guides. Being a friend is no
-- attribution. Only what a customer ended is a loss; what a guide ended himself is `removed_by_guide_count`; both are null
-- before any end is told.
with guide_contacts as (
    select * from {{ ref('guide_contacts') }}
),

orders as (
    select * from {{ ref('orders') }}
    where is_valid and customer_key is not null
),

months as (
    {{ known_months() }}
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
    where customer_key in (select guide_contacts.customer_key from guide_contacts)
    group by customer_key, cast(date_trunc('month', paid_date) as date)
),

-- A person with several accounts is one friend, and is lost with the last of them.
friends as (
    select
        months.month_start,
        guide_contacts.shop_id,
        guide_contacts.guide_id,
        coalesce(guide_contacts.customer_key, guide_contacts.account_key) as customer_key,
        max(case when guide_contacts.removed_date is null or guide_contacts.removed_date > months.known_until then 1 else 0 end)
            as is_friend,
        max(case when guide_contacts.added_date >= months.month_start then 1 else 0 end) as is_added,
        max(case
            when
                guide_contacts.removed_by = 'customer'
                and guide_contacts.removed_date between months.month_start and months.known_until
                then 1
            else 0
        end) as is_lost,
        max(case
            when
                guide_contacts.removed_by = 'guide'
                and guide_contacts.removed_date between months.month_start and months.known_until
                then 1
            else 0
        end) as is_removed_by_guide
    from months
    inner join guide_contacts
        on
            months.known_until >= guide_contacts.added_date
            and (guide_contacts.removed_date is null or guide_contacts.removed_date >= months.month_start)
    group by
        months.month_start,
        guide_contacts.shop_id,
        guide_contacts.guide_id,
        coalesce(guide_contacts.customer_key, guide_contacts.account_key)
),

counted as (
    select
        friends.month_start,
        friends.shop_id,
        friends.guide_id,
        cast(sum(friends.is_friend) as bigint) as friend_count,
        cast(sum(friends.is_added) as bigint) as added_count,
        cast(sum(friends.is_lost * (1 - friends.is_friend)) as bigint) as told_lost_count,
        cast(sum(friends.is_removed_by_guide * (1 - friends.is_friend)) as bigint) as told_removed_by_guide_count,
        cast(count(*) as bigint) as contact_count,
        cast(count(sales.customer_key) as bigint) as told_buyer_count,
        cast(coalesce(sum(sales.net_amount), 0) as decimal(18, 2)) as told_net_amount
    from friends
    left join sales on friends.customer_key = sales.customer_key and friends.month_start = sales.month_start
    group by friends.month_start, friends.shop_id, friends.guide_id
),

ends as (
    select cast(date_trunc('month', min(removed_date)) as date) as begun_month from guide_contacts
),

known as (
    select
        counted.*,
        case when counted.month_start >= ends.begun_month then counted.told_lost_count end as lost_count,
        case when counted.month_start >= ends.begun_month then counted.told_removed_by_guide_count end
            as removed_by_guide_count,
        case when sold_months.month_start is not null then counted.told_buyer_count end as buyer_count,
        case when sold_months.month_start is not null then counted.told_net_amount end as net_amount
    from counted
    cross join ends
    left join sold_months on counted.month_start = sold_months.month_start and sold_months.platform = 'all'
)

select
    month_start,
    shop_id,
    guide_id,
    contact_count,
    friend_count,
    added_count,
    lost_count,
    removed_by_guide_count,
    {{ ratio('lost_count', 'contact_count') }} as lost_ratio,
    buyer_count,
    {{ ratio('buyer_count', 'contact_count') }} as buyer_ratio,
    net_amount,
    {{ yuan(ratio('net_amount', 'contact_count')) }} as net_amount_per_contact,
    cast(null as bigint) as touched_customer_count,
    case when lost_count is null then 'wecom events, ' else '' end
    || case when buyer_count is null then 'orders, ' else '' end
    || 'guide touches' as missing_feeds
from known
