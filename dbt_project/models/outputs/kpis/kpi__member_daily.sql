-- One row per platform, shop and business day asked for: members, what they bought, and how that compares with other buyers.
-- Trap: a member order is one whose buyer was a member when ordering; the multiples describe, they do not prove: members select
-- themselves. Lines without a known buyer are in neither group; who joins between two orders of a day is in both.
{% set has_both = 'told.has_buyers and told.has_members' -%}

with counts as (
    select * from {{ ref('member_counts_daily') }}
),

sales as (
    select * from {{ ref('member_sales_daily') }}
),

all_sales as (
    select * from {{ ref('kpi__sales_daily') }}
),

feeds as (
    select * from {{ ref('feeds') }}
    where feed = 'members'
),

scoped_feeds as (
    select * from {{ ref('scoped_feeds') }}
),

-- What the shop's feeds do not tell of the day is unknown, not zero; so is who bought where no line names a buyer. Who was a
-- member when ordering may be one of another shop: for him the platform's feed has to tell.
told as (
    select
        counts.*,
        coalesce(all_sales.line_count, 0) as line_count,
        coalesce(all_sales.customer_line_count, 0) as customer_line_count,
        coalesce(all_sales.paid_amount, 0) as all_paid_amount,
        orders.begun_date is not null as has_orders,
        members.begun_date is not null as has_members,
        memberships.begun_date is not null as has_memberships,
        orders.begun_date is not null and (all_sales.customer_line_count > 0 or coalesce(all_sales.line_count, 0) = 0)
            as has_buyers
    from counts
    left join all_sales
        on
            counts.platform = all_sales.platform
            and counts.shop_id = all_sales.shop_id
            and counts.business_date = all_sales.business_date
    left join feeds as members
        on counts.platform = members.platform and {{ holds_on('counts.business_date', 'members', 'begun_date', 'ended_date') }}
    {%- for feed, name in [('sales', 'orders'), ('members', 'memberships')] %}
    left join scoped_feeds as {{ name }}
        on
            counts.platform = {{ name }}.platform
            and counts.shop_id = {{ name }}.shop_id
            and {{ name }}.feed = '{{ feed }}'
            and {{ holds_on('counts.business_date', name, 'begun_date', 'ended_date') }}
    {%- endfor %}
),

joined as (
    select
        told.platform,
        told.shop_id,
        told.business_date,
        told.has_orders,
        told.has_buyers,
        told.has_memberships,
        {%- for figure in ['line_count', 'customer_line_count', 'all_paid_amount'] %}
        case when told.has_orders then told.{{ figure }} end as {{ figure }},
        {%- endfor %}
        {%- for figure in ['member_count', 'joined_count', 'left_count'] %}
        case when told.has_memberships then told.{{ figure }} end as {{ figure }},
        {%- endfor %}
        {%- for figure in ['member_order_count', 'member_buyer_count', 'non_member_order_count', 'non_member_buyer_count'] %}
        case when {{ has_both }} then cast(coalesce(sales.{{ figure }}, 0) as bigint) end as {{ figure }},
        {%- endfor %}
        {%- for figure in ['member_paid_amount', 'member_net_amount'] %}
        case when {{ has_both }} then cast(coalesce(sales.{{ figure }}, 0) as decimal(18, 2)) end as {{ figure }},
        {%- endfor %}
        case when told.has_buyers then cast(coalesce(sales.order_count, 0) as bigint) end as order_count,
        case when told.has_buyers then cast(coalesce(sales.buyer_count, 0) as bigint) end as buyer_count,
        case when told.has_buyers then cast(coalesce(sales.paid_amount, 0) as decimal(18, 2)) end as paid_amount,
        case when told.has_buyers then cast(coalesce(sales.net_amount, 0) as decimal(18, 2)) end as net_amount
    from told
    left join sales
        on told.platform = sales.platform and told.shop_id = sales.shop_id and told.business_date = sales.business_date
),

averaged as (
    select
        *,
        {{ ratio('member_paid_amount', 'member_order_count') }} as member_amount_per_order,
        {{ ratio('paid_amount - member_paid_amount', 'non_member_order_count') }} as non_member_amount_per_order,
        {{ ratio('member_paid_amount', 'member_buyer_count') }} as member_amount_per_buyer,
        {{ ratio('paid_amount - member_paid_amount', 'non_member_buyer_count') }} as non_member_amount_per_buyer
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
    {{ yuan('member_amount_per_order') }} as member_amount_per_order,
    {{ yuan('non_member_amount_per_order') }} as non_member_amount_per_order,
    {{ ratio('member_amount_per_order', 'non_member_amount_per_order') }} as amount_per_order_multiple,
    {{ yuan('member_amount_per_buyer') }} as member_amount_per_buyer,
    {{ yuan('non_member_amount_per_buyer') }} as non_member_amount_per_buyer,
    {{ ratio('member_amount_per_buyer', 'non_member_amount_per_buyer') }} as amount_per_buyer_multiple,
    line_count,
    customer_line_count,
    {{ ratio('customer_line_count', 'line_count') }} as customer_line_ratio,
    all_paid_amount,
    {{ ratio('coalesce(paid_amount, 0)', 'all_paid_amount') }} as customer_paid_amount_ratio,
    {{ missing_feeds({
        'orders': 'not has_orders', 'order buyers': 'has_orders and not has_buyers', 'members': 'not has_memberships'
    }) }} as missing_feeds
from averaged
