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
