-- One row per platform, shop and business day asked for: members, what they bought, and how that compares with other buyers.
-- Trap: a member order is one whose buyer was a member when ordering; the multiples describe, they do not prove: members select
-- themselves. Lines without a known buyer are in neither group; who joins between two orders of a day is in both.
with days as (
    select as_of_date from {{ ref('int_days_fingerprinted') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

members as (
    select * from {{ ref('members') }}
),

sales as (
    select
        platform,
        shop_id,
        paid_date as business_date,
        count(distinct order_key) as order_count,
        sum(paid_amount) as paid_amount,
        sum(net_amount) as net_amount,
        count(distinct customer_key) as buyer_count,
        count(distinct case when is_member_at_order then order_key end) as member_order_count,
        sum(case when is_member_at_order then paid_amount else 0 end) as member_paid_amount,
        sum(case when is_member_at_order then net_amount else 0 end) as member_net_amount,
        count(distinct case when is_member_at_order then customer_key end) as member_buyer_count,
        count(distinct case when not is_member_at_order then order_key end) as non_member_order_count,
        count(distinct case when not is_member_at_order then customer_key end) as non_member_buyer_count
    from order_lines
    where is_valid and customer_key is not null
    group by platform, shop_id, paid_date
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
        joined_date as moved_date,
        1 as joined_count,
        0 as left_count
    from members
    union all
    select
        platform,
        shop_id,
        left_date as moved_date,
        0 as joined_count,
        1 as left_count
    from members
    where left_date is not null
),

movements_by_day as (
    select
        platform,
        shop_id,
        moved_date,
        sum(joined_count) as joined_count,
        sum(left_count) as left_count
    from movements
    group by platform, shop_id, moved_date
),

member_counts as (
    select
        shop_days.platform,
        shop_days.shop_id,
        shop_days.business_date,
        coalesce(sum(movements_by_day.joined_count - movements_by_day.left_count), 0) as member_count,
        coalesce(
            sum(case when movements_by_day.moved_date = shop_days.business_date then movements_by_day.joined_count end), 0
        ) as joined_count,
        coalesce(
            sum(case when movements_by_day.moved_date = shop_days.business_date then movements_by_day.left_count end), 0
        ) as left_count
    from shop_days
    left join movements_by_day
        on
            shop_days.platform = movements_by_day.platform
            and shop_days.shop_id = movements_by_day.shop_id
            and shop_days.business_date >= movements_by_day.moved_date
    group by shop_days.platform, shop_days.shop_id, shop_days.business_date
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
