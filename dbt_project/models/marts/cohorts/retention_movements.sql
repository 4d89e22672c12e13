-- One row per scope (brand, platform, shop), measure, month of coming and month of leaving: who came and left then.
-- Trap: who comes back counts again; who was in when a month began came in an earlier one. Periods reach into the future: what
-- ends there has not ended yet.
with order_lines as (
    select * from {{ ref('order_lines') }}
    where is_valid and not is_fully_refunded and customer_key is not null
),

products as (
    select * from {{ ref('products') }}
    where category is not null
),

category_intervals as (
    select * from {{ ref('category_intervals') }}
),

intervals_by_product as (
    select
        products.platform,
        products.product_id,
        max(category_intervals.churn_days) as churn_days
    from products
    inner join category_intervals on products.category = category_intervals.category
    group by products.platform, products.product_id
),

purchase_days as (
    select
        order_lines.customer_key,
        order_lines.platform,
        order_lines.shop_id,
        order_lines.paid_date,
        max(coalesce(intervals_by_product.churn_days, {{ var('churn_days') }})) as churn_days
    from order_lines
    left join intervals_by_product
        on
            order_lines.product_id = intervals_by_product.product_id
            and intervals_by_product.platform in (order_lines.platform, 'generic')
    group by order_lines.customer_key, order_lines.platform, order_lines.shop_id, order_lines.paid_date
),

category_firsts as (
    select
        order_lines.customer_key,
        order_lines.platform,
        order_lines.shop_id,
        products.category,
        min(order_lines.paid_date) as paid_date
    from order_lines
    inner join products
        on order_lines.product_id = products.product_id and products.platform in (order_lines.platform, 'generic')
    group by order_lines.customer_key, order_lines.platform, order_lines.shop_id, products.category
),

-- A platform or shop that is null stands for all of them.
scoped_days as (
    select
        customer_key,
        platform,
        shop_id,
        paid_date,
        max(churn_days) as churn_days
    from purchase_days
    group by grouping sets (
        (customer_key, paid_date), (customer_key, paid_date, platform), (customer_key, paid_date, platform, shop_id)
    )
),

scoped_firsts as (
    select
        customer_key,
        platform,
        shop_id,
        category,
        min(paid_date) as paid_date
    from category_firsts
    group by grouping sets (
        (customer_key, category), (customer_key, category, platform), (customer_key, category, platform, shop_id)
    )
),

{% set window = var('cross_category_days') -%}
stretches as (
    select
        'active' as measure,
        customer_key,
        coalesce(platform, 'all') as platform,
        coalesce(shop_id, 'all') as shop_id,
        paid_date as valid_from,
        {{ days_after('paid_date', 'churn_days') }} as valid_to
    from scoped_days
    {%- for measure, firsts in [('repeating', 'scoped_days'), ('crossing', 'scoped_firsts')] %}
    union all
    select
        '{{ measure }}' as measure,
        customer_key,
        coalesce(platform, 'all') as platform,
        coalesce(shop_id, 'all') as shop_id,
        paid_date as valid_from,
        {{ days_after('paid_date', window) }} as valid_to
    from (
        select
            *,
            min(paid_date) over (partition by customer_key, platform, shop_id) as first_date
        from {{ firsts }}
    ) as followed
    where paid_date > first_date
    {%- endfor %}
),

merged as (
    {{ merged_periods('stretches', ['platform', 'shop_id', 'measure', 'customer_key']) }}
)

select
    platform,
    shop_id,
    measure,
    cast(date_trunc('month', valid_from) as date) as from_month,
    cast(date_trunc('month', valid_to) as date) as to_month,
    cast(count(*) as bigint) as customer_count
from merged
group by
    platform, shop_id, measure, cast(date_trunc('month', valid_from) as date), cast(date_trunc('month', valid_to) as date)
