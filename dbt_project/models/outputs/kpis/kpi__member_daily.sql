-- One row per platform, shop and business day asked for: members, what they bought, and how that compares with other buyers.
-- Trap: a member order is one whose buyer was a member when ordering; the multiples describe, they do not prove: members select
-- themselves. Lines without a known buyer are in neither group; who joins between two orders of a day is in both.
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
),

joined as (
    select
        member_counts.platform,
        member_counts.shop_id,
        member_counts.business_date,
        cast(member_counts.member_count as bigint) as member_count,
        cast(member_counts.joined_count as bigint) as joined_count,
        cast(member_counts.left_count as bigint) as left_count,
        cast(coalesce(sales.order_count, 0) as bigint) as order_count,
        cast(coalesce(sales.member_order_count, 0) as bigint) as member_order_count,
        cast(coalesce(sales.buyer_count, 0) as bigint) as buyer_count,
        cast(coalesce(sales.member_buyer_count, 0) as bigint) as member_buyer_count,
        cast(coalesce(sales.non_member_order_count, 0) as bigint) as non_member_order_count,
        cast(coalesce(sales.non_member_buyer_count, 0) as bigint) as non_member_buyer_count,
        cast(coalesce(sales.paid_amount, 0) as decimal(18, 2)) as paid_amount,
        cast(coalesce(sales.member_paid_amount, 0) as decimal(18, 2)) as member_paid_amount,
        cast(coalesce(sales.net_amount, 0) as decimal(18, 2)) as net_amount,
        cast(coalesce(sales.member_net_amount, 0) as decimal(18, 2)) as member_net_amount
    from member_counts
    left join sales
        on
            member_counts.platform = sales.platform
            and member_counts.shop_id = sales.shop_id
            and member_counts.business_date = sales.business_date
    where member_counts.is_asked
),

averaged as (
    select
        *,
        {{ ratio('member_paid_amount', 'member_order_count') }} as member_amount_per_order,
        {{ ratio('paid_amount - member_paid_amount', 'non_member_order_count') }}
            as non_member_amount_per_order,
        {{ ratio('member_paid_amount', 'member_buyer_count') }} as member_amount_per_buyer,
        {{ ratio('paid_amount - member_paid_amount', 'non_member_buyer_count') }}
            as non_member_amount_per_buyer
    from joined
)

select
    platform,
    shop_id,
    business_date,
    member_count,
    joined_count,
    left_count,
    order_count,
    member_order_count,
    {{ ratio('member_order_count', 'order_count') }} as member_order_ratio,
    buyer_count,
    member_buyer_count,
    non_member_order_count,
    non_member_buyer_count,
    {{ ratio('member_buyer_count', 'buyer_count') }} as member_buyer_ratio,
    paid_amount,
    member_paid_amount,
    {{ ratio('member_paid_amount', 'paid_amount') }} as member_paid_amount_ratio,
    net_amount,
    member_net_amount,
    {{ ratio('member_net_amount', 'net_amount') }} as member_net_amount_ratio,
    cast(member_amount_per_order as decimal(18, 2)) as member_amount_per_order,
    cast(non_member_amount_per_order as decimal(18, 2)) as non_member_amount_per_order,
    {{ ratio('member_amount_per_order', 'non_member_amount_per_order') }} as amount_per_order_multiple,
    cast(member_amount_per_buyer as decimal(18, 2)) as member_amount_per_buyer,
    cast(non_member_amount_per_buyer as decimal(18, 2)) as non_member_amount_per_buyer,
    {{ ratio('member_amount_per_buyer', 'non_member_amount_per_buyer') }} as amount_per_buyer_multiple
from averaged
