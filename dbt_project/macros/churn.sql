{# The periods of a customer follow from his purchases and from what is said of the products: how long they last. A product that is
   put into another category, or that is bought at other intervals now, concerns everybody who bought it. #}

{# For the customers whose lines have changed, and those of products that are not as they were when the periods were made. #}
{% macro is_renewed_by_churn() -%}
    customer_key in (
        select touched.party_key from {{ ref('int_parties_touched') }} as touched
        union all
        select lines.customer_key
        from {{ ref('order_lines') }} as lines
        inner join {{ ref('product_churn') }} as todays on lines.platform = todays.platform and lines.product_id = todays.product_id
        left join finished.state.product_churn as known
            on todays.platform = known.platform and todays.product_id = known.product_id
        where
            lines.customer_key is not null
            and (todays.churn_days is distinct from known.churn_days or todays.category is distinct from known.category)
    )
{%- endmacro %}

{% macro forget_renewed_periods() -%} {{ forget(is_renewed_by_churn()) }} {%- endmacro %}

{# In the transaction that makes the periods. #}
{% macro remember_product_churn() -%}
    create or replace table finished.state.product_churn as
    select platform, product_id, category, churn_days from {{ ref('product_churn') }}
{%- endmacro %}
