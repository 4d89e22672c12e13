-- One row per scope (brand, platform, shop), measure, month of coming and month of leaving: who came and left then.
-- Trap: who comes back counts again; who was in when a month began came in an earlier one. Periods reach into the future: what
-- ends there has not ended yet.
with order_lines as (
    select * from {{ ref('order_lines') }}
    where is_valid and not is_fully_refunded and customer_key is not null
),

sold_products as (
    select * from {{ ref('sold_products') }}
),

category_intervals as (
    select * from {{ ref('category_intervals') }}
),

sales_scopes as (
    select * from {{ ref('sales_scopes') }}
),

intervals_by_product as (
    select
        sold_products.platform,
        sold_products.product_id,
        sold_products.category_number,
        category_intervals.churn_days
    from sold_products
    left join category_intervals on sold_products.category = category_intervals.category
),

purchases as (
    select
        order_lines.customer_key,
        sales_scopes.platform_scope_number,
        sales_scopes.scope_number as shop_scope_number,
        intervals_by_product.category_number,
        order_lines.paid_date,
        coalesce(intervals_by_product.churn_days, {{ var('churn_days') }}) as churn_days
    from order_lines
    inner join sales_scopes on order_lines.platform = sales_scopes.platform and order_lines.shop_id = sales_scopes.shop_id
    left join intervals_by_product
        on order_lines.platform = intervals_by_product.platform and order_lines.product_id = intervals_by_product.product_id
),

purchase_days as (
    select
        customer_key,
        platform_scope_number,
        shop_scope_number,
        paid_date,
        max(churn_days) as churn_days
    from purchases
    group by customer_key, platform_scope_number, shop_scope_number, paid_date
),

category_firsts as (
    select
        customer_key,
        platform_scope_number,
        shop_scope_number,
        category_number,
        min(paid_date) as paid_date
    from purchases
    where category_number is not null
    group by customer_key, platform_scope_number, shop_scope_number, category_number
),

scoped_days as (
    select
        customer_key,
        coalesce(shop_scope_number, platform_scope_number, 0) as scope_number,
        paid_date,
        max(churn_days) as churn_days
    from purchase_days
    group by grouping sets (
        (customer_key, paid_date), (customer_key, paid_date, platform_scope_number), (customer_key, paid_date, shop_scope_number)
    )
),

scoped_firsts as (
    select
        customer_key,
        coalesce(shop_scope_number, platform_scope_number, 0) as scope_number,
        min(paid_date) as paid_date
    from category_firsts
    group by grouping sets (
        (customer_key, category_number),
        (customer_key, category_number, platform_scope_number),
        (customer_key, category_number, shop_scope_number)
    )
),

{% set window = var('cross_category_days') -%}
{% set measures = ['active', 'repeating', 'crossing'] -%}
stretches as (
    select
        0 as measure_number,
        customer_key,
        scope_number,
        paid_date as valid_from,
        {{ days_after('paid_date', 'churn_days') }} as valid_to
    from scoped_days
    {%- for firsts in ['scoped_days', 'scoped_firsts'] %}
    union all
    select
        {{ loop.index }} as measure_number,
        customer_key,
        scope_number,
        paid_date as valid_from,
        {{ days_after('paid_date', window) }} as valid_to
    from (
        select
            customer_key,
            scope_number,
            paid_date,
            min(paid_date) over (partition by customer_key, scope_number) as first_date
        from {{ firsts }}
    ) as followed
    where paid_date > first_date
    {%- endfor %}
),

merged as (
    {{ merged_periods('stretches', ['customer_key', 'scope_number', 'measure_number']) }}
),

movements as (
    select
        scope_number,
        measure_number,
        cast(date_trunc('month', valid_from) as date) as from_month,
        cast(date_trunc('month', valid_to) as date) as to_month,
        cast(count(*) as bigint) as customer_count
    from merged
    group by
        scope_number, measure_number, cast(date_trunc('month', valid_from) as date), cast(date_trunc('month', valid_to) as date)
)

select
    sales_scopes.platform,
    sales_scopes.shop_id,
    case movements.measure_number
        {%- for measure in measures %}
        when {{ loop.index0 }} then '{{ measure }}'
        {%- endfor %}
    end as measure,
    movements.from_month,
    movements.to_month,
    movements.customer_count
from movements
inner join sales_scopes on movements.scope_number = sales_scopes.scope_number
