{# Tables by day. A day is due when the fingerprint of its inputs is not the one it was built from: no clock, no order of
   arrival, and a killed or partial run heals itself. A day that was built by other logic than today's is due when it is asked
   for, and not before: history that was reported stays until somebody backfills it. #}

{% macro create_state() %}
    create schema if not exists finished.state;
    create table if not exists finished.state.built_days (
        model varchar, day date, fingerprint varchar, logic varchar
    );
    create or replace table finished.state.logic as select model, logic from {{ source('plan', 'logic') }};
    create or replace table finished.state.requested_days as
    select as_of_date as day from {{ source('plan', 'business_days') }} where is_requested
{% endmacro %}

{# The configuration of a table by day, which is its `column`; `days` has one row per `day`, with its fingerprint. #}
{% macro table_by_day(days='int_days_fingerprinted', day='as_of_date', column=none) -%}
    {%- set arguments = "'" ~ days ~ "', '" ~ day ~ "', '" ~ (column or day) ~ "'" -%}
    {{ config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='append_new_columns',
        full_refresh=false,
        pre_hook="{{ forget_due_days(" ~ arguments ~ ") }}",
        post_hook="{{ remember_built_days(" ~ arguments ~ ") }}"
    ) }}
{%- endmacro %}

{% macro due_days(days='int_days_fingerprinted', day='as_of_date') -%}
    select days.{{ day }}
    from {{ ref(days) }} as days
    {%- if is_incremental() %}
    left join finished.state.built_days as built
        on
            built.model = '{{ this.identifier }}'
            and days.{{ day }} = built.day
    left join finished.state.requested_days as asked on days.{{ day }} = asked.day
    where
        built.day is null
        or built.fingerprint <> days.fingerprint
        or (asked.day is not null and built.logic <> ({{ logic() }}))
    {%- endif %}
{%- endmacro %}

{% macro forget_due_days(days='int_days_fingerprinted', day='as_of_date', column='as_of_date') %}
    {% if is_incremental() %}
        delete from {{ this }}
        where
            {{ column }} in ({{ due_days(days, day) }})
            or {{ column }} not in (select {{ day }} from {{ ref(days) }})
    {% else %}
        select 1
    {% endif %}
{% endmacro %}

{% macro remember_built_days(days='int_days_fingerprinted', day='as_of_date', column='as_of_date') %}
    create or replace temporary table days_built as
    {% if is_incremental() %}
    select due.{{ day }} as day from ({{ due_days(days, day) }}) as due
    {% else %}
    select {{ day }} as day from {{ ref(days) }}
    {% endif %}
    ;
    delete from finished.state.built_days
    where
        model = '{{ this.identifier }}'
        and (day in (select day from days_built) or day not in (select {{ day }} from {{ ref(days) }}));
    insert into finished.state.built_days
    select '{{ this.identifier }}', days.{{ day }}, days.fingerprint, ({{ logic() }})
    from {{ ref(days) }} as days
    inner join days_built on days.{{ day }} = days_built.day
{% endmacro %}

{# The logic of this model: the fingerprint of its compiled SQL and of all that it is made of. #}
{% macro logic() -%}
    select max(logic) from finished.state.logic where model = '{{ this.identifier }}'
{%- endmacro %}
