-- One row per platform, shop and business day asked for: members at its end, and who joined and left on it.
-- Trap: memberships are counted, so who left and came back on a day has joined and left; a shop without members has zero of them.
with days as (
    select as_of_date from {{ ref('int_days_fingerprinted') }}
),

members as (
    select * from {{ ref('members') }}
),

sales as (
    select * from {{ ref('member_sales_daily') }}
),

shops as (
    select
        platform,
        shop_id
    from members
    union
    select
        platform,
        shop_id
    from sales
),

shop_days as (
    select
        shops.platform,
        shops.shop_id,
        days.as_of_date as business_date
    from shops
    cross join days
),

movements as (
    select
        platform,
        shop_id,
        business_date,
        0 as joined_count,
        0 as left_count,
        true as is_asked
    from shop_days
    union all
    select
        platform,
        shop_id,
        joined_date as business_date,
        1 as joined_count,
        0 as left_count,
        false as is_asked
    from members
    union all
    select
        platform,
        shop_id,
        left_date as business_date,
        0 as joined_count,
        1 as left_count,
        false as is_asked
    from members
    where left_date is not null
),

movements_by_day as (
    select
        platform,
        shop_id,
        business_date,
        sum(joined_count) as joined_count,
        sum(left_count) as left_count,
        bool_or(is_asked) as is_asked
    from movements
    group by platform, shop_id, business_date
),

member_counts as (
    select
        platform,
        shop_id,
        business_date,
        joined_count,
        left_count,
        is_asked,
        sum(joined_count - left_count) over (partition by platform, shop_id order by business_date) as member_count
    from movements_by_day
)

select
    platform,
    shop_id,
    business_date,
    cast(member_count as bigint) as member_count,
    cast(joined_count as bigint) as joined_count,
    cast(left_count as bigint) as left_count
from member_counts
where is_asked
