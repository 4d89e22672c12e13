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
    create table if not exists finished.state.product_churn (
        platform varchar, product_id varchar, category varchar, churn_days bigint
    );
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

{# The configuration of a table by day, which is its `column`; `days` has one row per `day`, with its fingerprint. A table of the
   same days that is made of this one, but has a fingerprint of its own, is named by `readers`: what is replaced here is due there. #}
{% macro table_by_day(days='int_days_fingerprinted', day='as_of_date', column=none, readers=[]) -%}
    {%- set of_days = "'" ~ days ~ "', '" ~ day ~ "'" -%}
    {%- set arguments = of_days ~ ", '" ~ (column or day) ~ "'" -%}
    {{ config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='append_new_columns',
        full_refresh=false,
        pre_hook=["{{ forget_due_days(" ~ arguments ~ ") }}"]
        + (["{{ begin_blocks(" ~ of_days ~ ") }}"] if has_blocks(days) else []),
        post_hook=(["{{ build_other_blocks(" ~ of_days ~ ") }}"] if has_blocks(days) else [])
        + ["{{ remember_built_days(" ~ arguments ~ ", " ~ readers ~ ") }}"]
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
        (
            built.day is null
            or built.fingerprint <> days.fingerprint
            or (asked.day is not null and built.logic is distinct from ({{ logic() }}))
        )
    {%- endif %}
    {%- if has_blocks(days) %}
    {{ 'and' if is_incremental() else 'where' }} {{ is_in_block('days.' ~ day) }}
    {%- endif %}
{%- endmacro %}

{# Tables of audiences name persons: many days of many persons do not fit into memory at once. So these days are built in
   blocks, one after the other, of the fewer days the more accounts there are; the session says which is being built, and without
   it none is left out. All days from its first to its last are due: so models that are not kept, but asked on the way to a table
   of lists, have only to ask which days are of the block. A table that has a row per day is read of its days alone where that is
   said: no join tells DuckDB so. #}
{% macro has_blocks(days) -%}
    {%- set of_audience = model is defined and model.name.startswith('audience_') -%} {# The linter knows no model, and a unit test is none. #}
    {{ return(of_audience and days in ['int_campaign_days_fingerprinted', 'int_list_days_fingerprinted']) }}
{%- endmacro %}

{% macro is_in_block(day) -%}
    {{ day }} between coalesce({{ session_date('block_begin') }}, cast('0001-01-01' as date))
    and coalesce({{ session_date('block_end') }}, cast('9999-12-31' as date))
{%- endmacro %}

{# Without days no day is of the block. #}
{% macro begin_block(days) -%}
    {{ set_session_date('block_begin', days | first if days else '9999-12-31') }};
    {{ set_session_date('block_end', days | last if days else '0001-01-01') }}
{%- endmacro %}

{% macro end_block() -%} {{ begin_block([none]) }} {%- endmacro %}

{% macro blocks_of_due_days(days, day) -%}
    {%- if not execute -%} {{ return([]) }} {%- endif -%}
    {%- do run_query(end_block()) -%}
    {%- set accounts = run_query('select count(*) from ' ~ target.database ~ '.intermediate.int_accounts_unioned') -%}
    {%- set length = [var('account_days_at_once') // [accounts.columns[0].values()[0] | int, 1] | max, 1] | max -%}
    {%- set known -%}
        select known.{{ day }}, due.{{ day }} is not null as is_due
        from {{ ref(days) }} as known
        left join ({{ due_days(days, day) }}) as due on known.{{ day }} = due.{{ day }}
        order by 1
    {%- endset -%}
    {%- set blocks = [[]] -%}
    {%- for one, is_due in run_query(known).rows -%}
        {%- if not is_due or blocks[-1] | length == length -%} {%- do blocks.append([]) -%} {%- endif -%}
        {%- if is_due -%} {%- do blocks[-1].append(one) -%} {%- endif -%}
    {%- endfor -%}
    {{ return(blocks | select | list) }}
{%- endmacro %}

{# The model itself builds the first block. #}
{% macro begin_blocks(days, day) -%}
    {%- set blocks = blocks_of_due_days(days, day) -%}
    {{ begin_block(blocks | first or []) }}
{%- endmacro %}

{% macro build_other_blocks(days, day) -%}
    {%- set columns = model.columns | join(', ') -%}
    {%- for block in blocks_of_due_days(days, day)[1:] -%}
        {{ begin_block(block) }};
        insert into {{ this }} ({{ columns }}) select {{ columns }} from ({{ sql }});
    {%- endfor -%}
    {{ end_block() }}
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
        where
            {{ column }} in ({{ due_days(days, day) }})
            or {{ column }} in ({{ gone_days(days, day) }})
            or not exists (select 1 from finished.state.built_days where model = '{{ this.identifier }}')
    {% else %}
        select 1
    {% endif %}
{% endmacro %}

{% macro remember_built_days(days='int_days_fingerprinted', day='as_of_date', column='as_of_date', readers=[]) %}
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
    {%- if readers %}
    ;
    delete from finished.state.built_days
    where model in ('{{ readers | join("', '") }}') and day in (select day from days_built)
    {%- endif %}
{% endmacro %}

{# The logic of a model, this one if none is named: the fingerprint of its compiled SQL and of all that it is made of. #}
{% macro logic(model=none) -%}
    select max(logic) from finished.state.logic where model = '{{ model or this.identifier }}'
{%- endmacro %}
