{# Of the rows that say an account's level at one moment, `version_rank` 1 is the one that counts: a name before a number that
   nothing names, then the highest version. #}
{% macro ranked_levels(rows) -%}
    select
        *,
        row_number() over (
            partition by account_key, membership_key, stated_at
            order by is_beside_name asc, delivered_date desc, content_hash desc, line_number desc
        ) as version_rank
    from (
        select
            *,
            is_unnamed
            and max(case when not is_unnamed then member_level end) over (
                partition by account_key, membership_key, stated_at
            ) is not null as is_beside_name
        from {{ rows }}
    ) as told
{%- endmacro %}

{# Whether a row that does not say of which stay it speaks was said on a day of this one. #}
{% macro is_of_stay(levels, memberships) -%}
    cast({{ memberships }}.joined_at as date) <= cast({{ levels }}.stated_at as date)
    and (
        {{ memberships }}.left_at is null
        or cast({{ memberships }}.left_at as date) > cast({{ levels }}.stated_at as date)
    )
{%- endmacro %}
