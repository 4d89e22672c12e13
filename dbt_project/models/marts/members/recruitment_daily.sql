-- One row per business day, platform, shop and join channel with joins or leaves: memberships, and whom they recruited.
-- Trap: who joined without an order, was watched and ordered stands on the day of joining, and changes as orders come; null where
-- that is unknown of all who came.
{%- set windows = {'': var('member_first_order_days'), 'late_': var('member_first_order_late_days')} %}
with recruits as (
    select * from {{ ref('recruits') }}
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

-- Null where it is unknown who came without an order.
judged as (
    select
        *,
        case when recruited_as = 'joined before' then 0 else joined_count end as first_joined_count,
        case when recruited_as = 'without order' then joined_count when recruited_as <> 'unknown' then 0 end
            as without_order_count
    from joins_and_leaves
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
