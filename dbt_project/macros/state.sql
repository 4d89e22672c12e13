{# What each as-of table was built from. A day is due when the fingerprint of its inputs is not the one it was built from:
   no clock, no order of arrival, and a killed or partial run heals itself. #}

{% macro create_state() %}
    create schema if not exists finished.state;
    create table if not exists finished.state.built_days (model varchar, as_of_date date, fingerprint varchar)
{% endmacro %}

{% macro due_days() -%}
    select days.as_of_date
    from {{ ref('int_days_fingerprinted') }} as days
    {%- if is_incremental() %}
    where not exists (
        select 1
        from finished.state.built_days as built
        where
            built.model = '{{ this.identifier }}'
            and built.as_of_date = days.as_of_date
            and built.fingerprint = days.fingerprint
    )
    {%- endif %}
{% endmacro %}

{% macro forget_due_days() %}
    {% if is_incremental() %}
        delete from {{ this }} where as_of_date in ({{ due_days() }})
    {% else %}
        select 1
    {% endif %}
{% endmacro %}

{% macro remember_built_days() %}
    delete from finished.state.built_days where model = '{{ this.identifier }}';
    insert into finished.state.built_days
    select '{{ this.identifier }}', as_of_date, fingerprint from {{ ref('int_days_fingerprinted') }}
{% endmacro %}
