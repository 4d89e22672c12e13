{# Work proportional to change. A party is a customer, or an order. `int_parties_touched` lists the parties that changed rows
   concern, before and after the change; tables by party forget them and insert them anew. #}

{% macro party() -%} coalesce(customer_key, order_key) {%- endmacro %}

{# A table of this project as the last build left it: read before it is brought up to date, hence not by `ref`. #}
{% macro previous(layer, model) -%}
    {{ 'finished.' if layer in ('marts', 'outputs') }}{{ layer }}.{{ model }}
{%- endmacro %}

{# A condition for the rows that an incremental build makes anew; every row when the table is built from nothing. #}
{% macro if_incremental(condition) -%} {{ condition if is_incremental() else 'true' }} {%- endmacro %}

{# The configuration of a table of which an incremental build forgets some rows and inserts them anew. #}
{% macro renewed_table(forgetting) -%}
    {{ config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ " ~ forgetting ~ " }}"
    ) }}
{%- endmacro %}

{# Before an incremental build fills a table: the rows that it makes anew, or that are no more, leave it. #}
{% macro forget(condition) -%}
    {{ 'delete from ' ~ this ~ ' where ' ~ condition if is_incremental() else 'select 1' }}
{%- endmacro %}

{% macro is_touched(party='customer_key') -%}
    {{ if_incremental(party ~ ' in (select party_key from ' ~ ref('int_parties_touched') ~ ')') }}
{%- endmacro %}

{% macro forget_touched(party='customer_key') -%} {{ forget(is_touched(party)) }} {%- endmacro %}

{# The same for orders, which are forgotten and inserted whole: their lines may be of several customers. #}
{% macro touched_orders() -%}
    select order_key from {{ ref('order_lines') }} where {{ is_touched(party()) }}
    union all
    select party_key as order_key from {{ ref('int_parties_touched') }}
{%- endmacro %}

{% macro is_touched_order() -%} {{ if_incremental('order_key in (' ~ touched_orders() ~ ')') }} {%- endmacro %}

{% macro forget_touched_orders() -%} {{ forget(is_touched_order()) }} {%- endmacro %}

{% macro is_touched_tmall_order(order_id='order_id') -%}
    {{ if_incremental(order_id ~ ' in (select touched.order_id from ' ~ ref('int_tmall_orders_touched') ~ ' as touched)') }}
{%- endmacro %}

{% macro forget_touched_tmall_orders() -%} {{ forget(is_touched_tmall_order()) }} {%- endmacro %}

{# What an incremental table of one run's changes forgets before the next run fills it. #}
{% macro forget_all() -%} {{ forget('true') }} {%- endmacro %}

{# Changes are kept until a complete build has carried them to every table. #}
{% macro forget_settled() -%}
    {{ forget('not exists (select 1 from ' ~ source('plan', 'progress') ~ ' where is_resumed)') }}
{%- endmacro %}
