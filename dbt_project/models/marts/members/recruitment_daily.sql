-- One row per business day, platform, shop and join channel with joins or leaves: memberships, and whom they recruited.
-- Trap: who joined without an order, was watched and ordered stands on the day of joining, and changes as orders come; null where
-- no feed of orders tells of the shop on the day, whoever came or left.
{%- set windows = {'': var('member_first_order_days'), 'late_': var('member_first_order_late_days')} %}
with recruits as (
    select * from {{ ref('recruits') }}
),

scoped_feeds as (
    select * from {{ ref('scoped_feeds') }}
    where feed = 'orders'
),

joins_and_leaves as (
    select
        *,
        joined_date as business_date,
        1 as joined_count
    from recruits
    union all
    select
        *,
        left_date as business_date,
        0 as joined_count
    from recruits
    where left_date is not null
),

told as (
    select
        movements.*,
        scoped_feeds.shop_id is not null as is_told
    from joins_and_leaves as movements
    left join scoped_feeds
        on
            movements.platform = scoped_feeds.platform
            and movements.shop_id = scoped_feeds.shop_id
            and {{ holds_on('movements.business_date', 'scoped_feeds', 'begun_date', 'ended_date') }}
),

judged as (
    select
        *,
        case when recruited_as = 'joined before' then 0 else joined_count end as first_joined_count,
        case when is_told then case when recruited_as = 'without order' then joined_count else 0 end end as without_order_count
    from told
)

select
    business_date,
    platform,
    shop_id,
    join_channel,
    cast(sum(joined_count) as bigint) as joined_count,
    cast(sum(1 - joined_count) as bigint) as left_count,
    cast(sum(first_joined_count) as bigint) as first_joined_count,
    {%- for window, days in windows.items() %}
    cast(sum(without_order_count * case when observed_days >= {{ days }} then 1 else 0 end) as bigint)
        as {{ window }}observed_count,
    cast(sum(
        without_order_count * case when observed_days >= {{ days }} and days_to_order <= {{ days }} then 1 else 0 end
    ) as bigint) as {{ window }}ordered_count,
    {%- endfor %}
    cast(sum(without_order_count) as bigint) as without_order_count
from judged
group by business_date, platform, shop_id, join_channel
