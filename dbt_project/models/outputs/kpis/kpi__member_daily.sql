-- One row per platform, shop and business day asked for: members, what they bought, and how that compares with other buyers.
-- Trap: a member order is one whose buyer was a member when ordering; the multiples describe, they do not prove: members select
-- themselves. Lines without a known buyer are in neither group; who joins between two orders of a day is in both.
with member_counts as (
    select * from {{ ref('member_counts_daily') }}
),

sales as (
    select * from {{ ref('member_sales_daily') }}
),

joined as (
    select
        member_counts.platform,
        member_counts.shop_id,
        member_counts.business_date,
        member_counts.member_count,
        member_counts.joined_count,
        member_counts.left_count,
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
