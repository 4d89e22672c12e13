{# Which rows a data test reads. A test that would group or sort all history states as its `where`
   - `touched(<party>)`, for a table by party: the rows of the parties that this build touched;
   - `delivered`, for what is upstream of `int_parties_touched`: the rows of deliveries that are new.
   A test that compares a table by day with others states `of_todays_logic(<day>)`: days that other logic built stay as reported.
   When the tables are built from nothing it reads all rows. A failed test leaves the build incomplete: the same parties and
   deliveries are tested again until it passes. #}

{% macro default__get_where_subquery(relation) -%}
    {%- set where = config.get('where', '') or '' -%}
    {%- if where.startswith('touched(') -%} {%- set where = was_touched(where[8:-1]) -%}
    {%- elif where.startswith('of_todays_logic(') -%}
        {%- set where = is_of_todays_logic(where[16:-1], [relation.identifier]) -%}
    {%- elif where == 'delivered' -%} {%- set where = was_delivered() -%}
    {%- endif -%}
    {%- if where -%} (select * from {{ relation }} where {{ where }}) as checked_rows
    {%- else -%} {{ relation }}
    {%- endif -%}
{%- endmacro %}

{# By name and not by `ref`: dbt settles what a test reads before it knows its condition. #}
{% macro was_touched(party) -%}
    {%- set touched = previous('intermediate', 'int_parties_touched') -%}
    {{ unless_full_refresh(party ~ ' in (select touched.party_key from ' ~ touched ~ ' as touched)') }}
{%- endmacro %}

{% macro was_delivered() -%}
    {%- set deliveries = source('plan', 'deliveries') -%}
    {{ unless_full_refresh('content_hash in (select content_hash from ' ~ deliveries ~ ' where is_new)') }}
{%- endmacro %}

{% macro unless_full_refresh(condition) -%} {{ 'true' if flags.FULL_REFRESH else condition }} {%- endmacro %}

{# The days that one of these tables by day holds as other logic built them. #}
{% macro days_of_other_logic(models) -%}
    select built.day
    from finished.state.built_days as built
    inner join finished.state.logic as todays on built.model = todays.model
    where built.model in ('{{ models | join("', '") }}') and built.logic is distinct from todays.logic
{%- endmacro %}

{% macro is_of_todays_logic(day, models) -%} {{ day }} not in ({{ days_of_other_logic(models) }}) {%- endmacro %}
