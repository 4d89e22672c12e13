{# Tables by day. A day is due when the fingerprint of its inputs is not the one it was built from: no clock, no order of
   arrival, and a killed or partial run heals itself. A day that was built by other logic than today's is due when it is asked
   for, and not before: history that was reported stays until somebody backfills it. #}

{# `logic` is what built a day, `fingerprinted_by` the logic of the fingerprint beside it. A day is settled when a complete
   build has followed: then it was made of the deliveries that this build applied, and its fingerprint may be re-based. #}
{% macro create_state() %}
    create schema if not exists finished.state;
    create table if not exists finished.state.built_days (
        model varchar, day date, fingerprint varchar, logic varchar
    );
    alter table finished.state.built_days add column if not exists fingerprinted_by varchar;
    alter table finished.state.built_days add column if not exists is_settled boolean;
    update finished.state.built_days set is_settled = true
    where is_settled is distinct from true and not (select is_resumed from {{ source('plan', 'progress') }});
    create or replace table finished.state.logic as select model, logic from {{ source('plan', 'logic') }};
    create or replace table finished.state.requested_days as
    select as_of_date as day from {{ source('plan', 'business_days') }} where is_requested;
    create or replace table finished.state.rebased_days as
    select model, day, fingerprint from {{ source('plan', 'rebased_days') }}
{% endmacro %}

{# What is left of models that are no more goes: their tables, and what was remembered of their days. #}
{% macro forget_removed_models() %}
    {%- if execute and flags.INTROSPECT -%}
        {%- set kept = {} -%}
        {%- for node in graph.nodes.values() if node.resource_type in ('model', 'seed') -%}
            {%- do kept.setdefault((node.database, node.schema), []).append(node.name) -%}
        {%- endfor -%}
        {%- for (database, schema), names in kept.items() -%}
            {%- set tables -%}
                select table_name from information_schema.tables
                where table_catalog = '{{ database }}' and table_schema = '{{ schema }}'
            {%- endset -%}
            {%- for name in run_query(tables).columns[0].values() if name not in names -%}
                {%- do adapter.drop_relation(adapter.get_relation(database, schema, name)) -%}
            {%- endfor -%}
        {%- endfor -%}
        delete from finished.state.built_days where model not in ('{{ kept.values() | sum(start=[]) | join("', '") }}')
    {%- endif -%}
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

{# The days to be built. #}
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
        or (asked.day is not null and built.logic is distinct from ({{ logic() }}))
    {%- endif %}
{%- endmacro %}

{# The days that are built and that are days no more, since deliveries have changed; by other logic alone they stay. #}
{% macro gone_days(days, day) -%}
    select built.day
    from finished.state.built_days as built
    left join finished.state.requested_days as asked on built.day = asked.day
    where
        built.model = '{{ this.identifier }}'
        and built.day not in (select {{ day }} from {{ ref(days) }})
        and (built.fingerprint <> 'no day' or (asked.day is not null and built.logic is distinct from ({{ logic() }})))
{%- endmacro %}

{# Where other logic fingerprints the days now, a settled day gets the fingerprint that this logic gives to the deliveries it
   was made of (orchestration/transform/rebase.py): so it is due when deliveries have changed since, and for no other reason. #}
{% macro rebase_days(days) -%}
    update finished.state.built_days as built
    set
        fingerprint = coalesce((
            select rebased.fingerprint
            from finished.state.rebased_days as rebased
            where rebased.model = '{{ days }}' and rebased.day = built.day
        ), 'no day'),
        fingerprinted_by = ({{ logic(days) }})
    where
        built.model = '{{ this.identifier }}'
        and built.is_settled
        and built.fingerprinted_by is distinct from ({{ logic(days) }})
        and exists (select 1 from finished.state.rebased_days)
{%- endmacro %}

{# Columns that the model has and its table lacks: added before rows are deleted, since afterwards DuckDB refuses to. #}
{% macro add_new_columns() -%}
    {%- set known = adapter.get_columns_in_relation(this) | map(attribute='name') | list -%}
    {%- for column in model.columns.values() if column.name not in known -%}
        alter table {{ this }} add column {{ column.name }} {{ column.data_type }};
    {% endfor -%}
{%- endmacro %}

{% macro forget_due_days(days='int_days_fingerprinted', day='as_of_date', column='as_of_date') %}
    {% if is_incremental() %}
        {{ add_new_columns() }}
        {{ rebase_days(days) }};
        delete from {{ this }}
        where {{ column }} in ({{ due_days(days, day) }}) or {{ column }} in ({{ gone_days(days, day) }})
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
        {% if is_incremental() %}
        and (day in (select day from days_built) or day in ({{ gone_days(days, day) }}))
        {% endif %}
    ;
    insert into finished.state.built_days (model, day, fingerprint, logic, fingerprinted_by, is_settled)
    select '{{ this.identifier }}', days.{{ day }}, days.fingerprint, ({{ logic() }}), ({{ logic(days) }}), false
    from {{ ref(days) }} as days
    inner join days_built on days.{{ day }} = days_built.day
{% endmacro %}

{# The logic of a model, this one if none is named: the fingerprint of its compiled SQL and of all that it is made of. #}
{% macro logic(model=none) -%}
    select max(logic) from finished.state.logic where model = '{{ model or this.identifier }}'
{%- endmacro %}
