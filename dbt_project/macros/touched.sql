{# Work proportional to change. A party is a customer, or an order. `int_parties_touched` lists the parties that changed rows
   concern, before and after the change; tables by party forget them and insert them anew. #}

{% macro party() -%} coalesce(customer_key, order_key) {%- endmacro %}

{# A table of this project as the last build left it: read before it is brought up to date, hence not by `ref`. #}
{% macro previous(layer, model) -%}
    {{ 'finished.' if layer in ('marts', 'outputs') }}{{ layer }}.{{ model }}
{%- endmacro %}

{% macro forget_touched(party='customer_key') -%}
    {%- set touched = ref('int_parties_touched') -%}
    {%- if is_incremental() -%}
    delete from {{ this }} where {{ party }} in (select party_key from {{ touched }})
    {%- else -%}
    select 1
    {%- endif -%}
{%- endmacro %}

{# A condition that is true for the rows of touched parties, and for every row when the table is built from nothing. #}
{% macro is_touched(party='customer_key') -%}
    {%- set touched = ref('int_parties_touched') -%}
    {%- if is_incremental() -%}
    {{ party }} in (select party_key from {{ touched }})
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}

{# The same for orders, which are forgotten and inserted whole: their lines may be of several customers. #}
{% macro touched_orders() -%}
    select order_key from {{ ref('order_lines') }} where {{ is_touched(party()) }}
    union all
    select party_key as order_key from {{ ref('int_parties_touched') }}
{%- endmacro %}

{% macro forget_touched_orders() -%}
    {%- set touched = touched_orders() -%}
    {%- if is_incremental() -%} delete from {{ this }} where order_key in ({{ touched }}) {%- else -%} select 1 {%- endif -%}
{%- endmacro %}

{% macro is_touched_order() -%}
    {%- set touched = touched_orders() -%}
    {%- if is_incremental() -%} order_key in ({{ touched }}) {%- else -%} true {%- endif -%}
{%- endmacro %}

{# What an incremental table of one run's changes forgets before the next run fills it. #}
{% macro forget_all() -%}
    {%- if is_incremental() -%} delete from {{ this }} {%- else -%} select 1 {%- endif -%}
{%- endmacro %}

{# Changes are kept until a complete build has carried them to every table. #}
{% macro forget_settled() -%}
    {%- if is_incremental() -%}
    delete from {{ this }} where not exists (select 1 from {{ source('plan', 'progress') }} where is_resumed)
    {%- else -%}
    select 1
    {%- endif -%}
{%- endmacro %}
