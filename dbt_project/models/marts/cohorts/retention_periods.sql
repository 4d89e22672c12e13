-- One row per customer, scope (brand, platform, shop), measure and period [valid_from, valid_to) in which the customer is active,
-- repeats or crosses.
-- Trap: who comes back has another period. Periods reach into the future: what ends there has not ended yet.
{{ renewed_table('forget_renewed_periods()') }}
{{ config(post_hook='{{ remember_product_churn() }}') }}
{%- set is_renewed = if_incremental(is_renewed_by_churn()) %}

with order_lines as (
    select * from {{ ref('order_lines') }}
    where is_valid and not is_fully_refunded and customer_key is not null and {{ is_renewed }}
),

product_churn as (
    select * from {{ ref('product_churn') }}
),

sales_scopes as (
    select * from {{ ref('sales_scopes') }}
),

purchases as (
    select
        order_lines.customer_key,
        sales_scopes.platform_scope_number,
        sales_scopes.scope_number as shop_scope_number,
        product_churn.category_number,
        order_lines.paid_date,
        coalesce(product_churn.churn_days, {{ var('churn_days') }}) as churn_days
    from order_lines
    inner join sales_scopes on order_lines.platform = sales_scopes.platform and order_lines.shop_id = sales_scopes.shop_id
    left join product_churn
        on order_lines.platform = product_churn.platform and order_lines.product_id = product_churn.product_id
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
)

select
    merged.customer_key,
    sales_scopes.platform,
    sales_scopes.shop_id,
    case merged.measure_number
        {%- for measure in measures %}
        when {{ loop.index0 }} then '{{ measure }}'
        {%- endfor %}
    end as measure,
    merged.valid_from,
    merged.valid_to
from merged
inner join sales_scopes on merged.scope_number = sales_scopes.scope_number
