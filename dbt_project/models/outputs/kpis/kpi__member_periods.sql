-- One row per day, week, month or campaign and scope (brand, platform, shop) with sales to known customers: members and others.
-- Trap: a member order is one whose buyer was a member when ordering; the multiples describe, they do not prove: members select
-- themselves. Whoever joins between two orders of a period bought as both. Buyers add up neither over time nor over shops. A
-- member of one shop is one of the brand in all; of a platform without a feed of members nothing is told, but it is in the brand.
with period_days as (
    select * from {{ ref('period_days') }}
),

sales as (
    select * from {{ ref('member_sales_daily') }}
),

buyers as (
    select * from {{ ref('period_buyers') }}
),

feeds as (
    select * from {{ ref('feeds') }}
    where feed = 'members'
),

periods as (
    {{ reported_periods() }}
),

-- Of a platform and its shops its own feed of members has to tell, of the brand any: who is a member is so in all shops.
told as (
    select
        sold.platform,
        sold.business_date,
        coalesce(bool_or(feeds.platform = sold.platform), false) as is_told,
        count(feeds.platform) > 0 as is_told_of_brand
    from (
        select
            platform,
            business_date
        from sales
        group by platform, business_date
    ) as sold
    left join feeds on {{ holds_on('sold.business_date', 'feeds', 'begun_date', 'ended_date') }}
    group by sold.platform, sold.business_date
),

-- A platform or shop that is null stands for all of them.
summed as (
    select
        period_days.period_key,
        coalesce(sales.platform, 'all') as platform,
        coalesce(sales.shop_id, 'all') as shop_id,
        cast(sum(sales.order_count) as bigint) as order_count,
        cast(sum(sales.paid_amount) as decimal(18, 2)) as paid_amount,
        cast(sum(sales.net_amount) as decimal(18, 2)) as net_amount,
        cast(sum(sales.member_order_count) as bigint) as member_order_count,
        cast(sum(sales.member_paid_amount) as decimal(18, 2)) as member_paid_amount,
        cast(sum(sales.member_net_amount) as decimal(18, 2)) as member_net_amount,
        cast(sum(sales.non_member_order_count) as bigint) as non_member_order_count,
        case when grouping(sales.platform) = 1 then bool_and(told.is_told_of_brand) else bool_and(told.is_told) end as is_told
    from period_days
    inner join sales on period_days.business_date = sales.business_date
    inner join told on sales.platform = told.platform and sales.business_date = told.business_date
    where period_days.is_reported
    group by grouping sets (
        (period_days.period_key),
        (period_days.period_key, sales.platform),
        (period_days.period_key, sales.platform, sales.shop_id)
    )
),

-- Where members are not told of on all days with sales, nobody can be told to be none: null, not zero.
counted as (
    select
        periods.*,
        summed.platform,
        summed.shop_id,
        summed.order_count,
        summed.paid_amount,
        summed.net_amount,
        buyers.buyer_count,
        {%- for figure in ['member_order_count', 'member_paid_amount', 'member_net_amount', 'non_member_order_count'] %}
        case when summed.is_told then summed.{{ figure }} end as {{ figure }},
        {%- endfor %}
        case when summed.is_told then buyers.member_buyer_count end as member_buyer_count,
        case when summed.is_told then buyers.non_member_buyer_count end as non_member_buyer_count
    from periods
    inner join summed on periods.period_key = summed.period_key
    inner join buyers
        on
            summed.period_key = buyers.period_key
            and summed.platform = buyers.platform
            and summed.shop_id = buyers.shop_id
),

averaged as (
    select
        *,
        {{ ratio('member_paid_amount', 'member_order_count') }} as member_amount_per_order,
        {{ ratio('paid_amount - member_paid_amount', 'non_member_order_count') }} as non_member_amount_per_order,
        {{ ratio('member_paid_amount', 'member_buyer_count') }} as member_amount_per_buyer,
        {{ ratio('paid_amount - member_paid_amount', 'non_member_buyer_count') }} as non_member_amount_per_buyer,
        {{ ratio('member_order_count', 'member_buyer_count') }} as member_orders_per_buyer,
        {{ ratio('non_member_order_count', 'non_member_buyer_count') }} as non_member_orders_per_buyer
    from counted
)

select
    period_type,
    campaign_id,
    period_start,
    period_end,
    case when platform = 'all' then 'brand' when shop_id = 'all' then 'platform' else 'shop' end as scope,
    platform,
    shop_id,
    order_count,
    member_order_count,
    {{ ratio('member_order_count', 'order_count') }} as member_order_ratio,
    buyer_count,
    member_buyer_count,
    {{ ratio('member_buyer_count', 'buyer_count') }} as member_buyer_ratio,
    paid_amount,
    member_paid_amount,
    {{ ratio('member_paid_amount', 'paid_amount') }} as member_paid_amount_ratio,
    net_amount,
    member_net_amount,
    {{ ratio('member_net_amount', 'net_amount') }} as member_net_amount_ratio,
    non_member_order_count,
    non_member_buyer_count,
    {{ yuan('member_amount_per_order') }} as member_amount_per_order,
    {{ yuan('non_member_amount_per_order') }} as non_member_amount_per_order,
    {{ ratio('member_amount_per_order', 'non_member_amount_per_order') }} as amount_per_order_multiple,
    {{ yuan('member_amount_per_buyer') }} as member_amount_per_buyer,
    {{ yuan('non_member_amount_per_buyer') }} as non_member_amount_per_buyer,
    {{ ratio('member_amount_per_buyer', 'non_member_amount_per_buyer') }} as amount_per_buyer_multiple,
    member_orders_per_buyer,
    non_member_orders_per_buyer,
    {{ ratio('member_orders_per_buyer', 'non_member_orders_per_buyer') }} as orders_per_buyer_multiple,
    case when member_order_count is null then 'members' end as missing_feeds
from averaged
