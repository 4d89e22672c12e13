{# Where engines differ, and nothing else. Each macro has one implementation per engine and a unit test. #}

{% macro generate_schema_name(custom_schema_name, node) %}{{ custom_schema_name or target.schema }}{% endmacro %}

{# A key of 60 bits derived from the content of its parts: the same on every engine, in every rebuild. #}
{% macro surrogate_key(columns) %}
    {%- set parts = [] -%}
    {%- for column in columns -%}{%- do parts.append("coalesce(cast(" ~ column ~ " as varchar), '')") -%}{%- endfor -%}
    {{ adapter.dispatch('key_of')(parts | join(" || chr(31) || ")) }}
{%- endmacro %}

{% macro duckdb__key_of(text) %}cast('0x' || substr(md5({{ text }}), 1, 15) as bigint){% endmacro %}
{% macro spark__key_of(text) %}cast(conv(substr(md5({{ text }}), 1, 15), 16, 10) as bigint){% endmacro %}

{# Order-independent fingerprint of rows: the sum of their hashes. Compared within one engine only. #}
{% macro rows_fingerprint(columns) %}{{ adapter.dispatch('rows_fingerprint')(columns) }}{% endmacro %}
{% macro duckdb__rows_fingerprint(columns) %}sum(cast(hash({{ columns | join(', ') }}) as decimal(38, 0))){% endmacro %}
{% macro spark__rows_fingerprint(columns) %}sum(cast(xxhash64({{ columns | join(', ') }}) as decimal(38, 0))){% endmacro %}

{# A hash of values, nulls included; equal values, equal hashes. Never kept: engines differ in it. #}
{% macro hash_of(columns) %}{{ adapter.dispatch('hash_of')(columns) }}{% endmacro %}
{% macro duckdb__hash_of(columns) %}hash({{ columns | join(', ') }}){% endmacro %}
{% macro spark__hash_of(columns) %}xxhash64({{ columns | join(', ') }}){% endmacro %}

{% macro json_text(column, key) %}{{ adapter.dispatch('json_text')(column, key) }}{% endmacro %}
{% macro duckdb__json_text(column, key) %}json_extract_string({{ column }}, '$.{{ key }}'){% endmacro %}
{% macro spark__json_text(column, key) %}get_json_object({{ column }}, '$.{{ key }}'){% endmacro %}

{# The same where the key is a column. #}
{% macro json_text_of(column, key_column) %}{{ adapter.dispatch('json_text_of')(column, key_column) }}{% endmacro %}
{% macro duckdb__json_text_of(column, key_column) %}json_extract_string({{ column }}, '$.' || {{ key_column }}){% endmacro %}
{% macro spark__json_text_of(column, key_column) %}get_json_object({{ column }}, concat('$.', {{ key_column }})){% endmacro %}

{# One row per element of a JSON array: texts as they are, anything else as its JSON. And one element, from 0 on. #}
{% macro json_rows(column) %}{{ adapter.dispatch('json_rows')(column) }}{% endmacro %}
{% macro duckdb__json_rows(column) %}unnest(from_json({{ column }}, '["varchar"]')){% endmacro %}
{% macro spark__json_rows(column) %}explode(from_json({{ column }}, 'array<string>')){% endmacro %}

{% macro json_item(column, place) %}{{ adapter.dispatch('json_item')(column, place) }}{% endmacro %}
{% macro duckdb__json_item(column, place) %}json_extract_string({{ column }}, '$[{{ place }}]'){% endmacro %}
{% macro spark__json_item(column, place) %}get_json_object({{ column }}, '$[{{ place }}]'){% endmacro %}

{# One row per part of a `;`-separated text. #}
{% macro split_rows(column) %}{{ adapter.dispatch('split_rows')(column) }}{% endmacro %}
{% macro duckdb__split_rows(column) %}unnest(string_split({{ column }}, ';')){% endmacro %}
{% macro spark__split_rows(column) %}explode(split({{ column }}, ';')){% endmacro %}

{# One row per element of a list; a row with an empty one is gone. #}
{% macro list_rows(list) %}{{ adapter.dispatch('list_rows')(list) }}{% endmacro %}
{% macro duckdb__list_rows(list) %}unnest({{ list }}){% endmacro %}
{% macro spark__list_rows(list) %}explode({{ list }}){% endmacro %}

{# The texts of a group as one, in the order of a column that tells them apart. #}
{% macro texts_joined(text, order) %}{{ adapter.dispatch('texts_joined')(text, order) }}{% endmacro %}
{% macro duckdb__texts_joined(text, order) %}string_agg({{ text }}, '; ' order by {{ order }}){% endmacro %}
{% macro spark__texts_joined(text, order) %}listagg({{ text }}, '; ') within group (order by {{ order }}){% endmacro %}

{% macro days_before(day, count) %}{{ adapter.dispatch('days_before')(day, count) }}{% endmacro %}
{% macro duckdb__days_before(day, count) %}({{ day }} - cast({{ count }} as integer)){% endmacro %}
{% macro spark__days_before(day, count) %}date_sub({{ day }}, cast({{ count }} as int)){% endmacro %}

{% macro days_after(day, count) %}{{ adapter.dispatch('days_after')(day, count) }}{% endmacro %}
{% macro duckdb__days_after(day, count) %}({{ day }} + cast({{ count }} as integer)){% endmacro %}
{% macro spark__days_after(day, count) %}date_add({{ day }}, cast({{ count }} as int)){% endmacro %}

{% macro days_between(earlier, later) %}{{ adapter.dispatch('days_between')(earlier, later) }}{% endmacro %}
{% macro duckdb__days_between(earlier, later) %}date_diff('day', {{ earlier }}, {{ later }}){% endmacro %}
{% macro spark__days_between(earlier, later) %}datediff({{ later }}, {{ earlier }}){% endmacro %}

{# A day that the session remembers: null until one is set. #}
{% macro session_date(name) %}{{ adapter.dispatch('session_date')(name) }}{% endmacro %}
{% macro duckdb__session_date(name) %}cast(getvariable('{{ name }}') as date){% endmacro %}
{% macro spark__session_date(name) %}session.{{ name }}{% endmacro %}

{% macro set_session_date(name, day) %}{{ adapter.dispatch('set_session_date')(name, "cast('%s' as date)" % day if day else 'null') }}{% endmacro %}
{% macro duckdb__set_session_date(name, day) %}set variable {{ name }} = {{ day }}{% endmacro %}
{% macro spark__set_session_date(name, day) %}declare or replace variable {{ name }} date default {{ day }}{% endmacro %}
