-- One row per platform, shop and business day of which a summary was delivered: our memberships of the shop.
-- Trap: null on days that were not asked for. What a list tells ends with the last who joined or left.
with shop_summaries as (
    select * from {{ ref('shop_summaries') }}
),

members as (
    select * from {{ ref('members') }}
),

member_counts as (
    select * from {{ ref('member_counts_daily') }}
),

told_members as (
    select
        platform,
        shop_id,
        min(joined_date) as first_date,
        max(coalesce(left_date, joined_date)) as last_date
    from members
    group by platform, shop_id
)

select
    shop_summaries.platform,
    shop_summaries.shop_id,
    shop_summaries.business_date,
    coalesce(shop_summaries.business_date >= told_members.first_date, false) as has_members,
    coalesce(shop_summaries.business_date <= told_members.last_date, false) as is_told_through,
    member_counts.member_count,
    member_counts.joined_count
from shop_summaries
left join told_members
    on shop_summaries.platform = told_members.platform and shop_summaries.shop_id = told_members.shop_id
left join member_counts
    on
        shop_summaries.platform = member_counts.platform
        and shop_summaries.shop_id = member_counts.shop_id
        and shop_summaries.business_date = member_counts.business_date
