{# Raw rows of the deliveries that count, and which version of a key is the highest. Both depend on the set of
   deliveries alone: never on the clock, on the run, or on which file came first.

   An incremental build reads what is new, and of the other deliveries only the keys whose row in the table came from a
   delivery that has been withdrawn or counts from another date: the highest version of those may be an older one. #}

{# Wide rows, one per key: the content that holds its highest version. `optional_key` columns may be null. #}
{% macro latest_delivered(platform, dataset, key, optional_key=[]) -%}
    {%- set columns = key + optional_key -%}
    select delivered.*
    from (
        {{ delivered_rows(platform, dataset, '*', columns) }}
    ) as delivered
    left join (
        {{ outdated_versions(platform, dataset, columns) }}
    ) as outdated
        on
            delivered.content_hash = outdated.content_hash
            {%- for column in key %}
            and delivered.{{ column }} = outdated.{{ column }}
            {%- endfor %}
            {%- for column in optional_key %}
            and coalesce(cast(delivered.{{ column }} as varchar), '') = coalesce(cast(outdated.{{ column }} as varchar), '')
            {%- endfor %}
    where outdated.content_hash is null
{%- endmacro %}

{% macro delivered_rows(platform, dataset, selected, key) -%}
    {{ stated_rows(platform, dataset, selected) }}
    {%- if is_incremental() %}

    union all

    {{ counted_rows(platform, dataset, selected) }}
    inner join (
        select {{ key | join(', ') }}
        from {{ this }}
        where content_hash in ({{ unsettled_contents() }})
        group by {{ key | join(', ') }}
    ) as stale
        on
            {%- for column in key %}
            {{ 'and ' if not loop.first }}coalesce(cast(raw.{{ column }} as varchar), '')
            = coalesce(cast(stale.{{ column }} as varchar), '')
            {%- endfor %}
    where not deliveries.is_new
    {%- endif %}
{%- endmacro %}

{# What each delivery says, every version for itself: of the deliveries that are new, where the table has the others. #}
{% macro stated_rows(platform, dataset, selected) -%}
    {{ counted_rows(platform, dataset, selected) }}
    {%- if is_incremental() %}
    where deliveries.is_new
    {%- endif %}
{%- endmacro %}

{% macro counted_rows(platform, dataset, selected) -%}
    select
        {% for column in ([selected] if selected is string else selected) -%} raw.{{ column }}, {% endfor -%}
        deliveries.delivery_date as delivered_date,
        coalesce(raw.version_at, cast(deliveries.delivery_date as timestamp)) as versioned_at
    from {{ source(platform, dataset) }} as raw
    inner join {{ source('plan', 'deliveries') }} as deliveries
        on
            deliveries.platform = '{{ platform }}'
            and deliveries.dataset = '{{ dataset }}'
            and raw.content_hash = deliveries.content_hash
{%- endmacro %}

{# Versions that another one of their key beats, settled on keys alone before any wide column moves; most keys have one
   version, and those leave before anything is sorted. #}
{% macro outdated_versions(platform, dataset, columns) -%}
    {%- set key = columns | join(', ') -%}
    {%- set versions = delivered_rows(platform, dataset, columns + ['content_hash'], columns) -%}
    select {{ key }}, content_hash
    from (
        select
            {{ key }},
            content_hash,
            row_number() over (
                partition by {{ key }}
                order by versioned_at desc, delivered_date desc, content_hash desc
            ) as version_rank
        from (
            {{ versions }}
            {%- if is_incremental() %}

            union all

            select {{ key }}, content_hash, delivered_date, versioned_at
            from {{ this }}
            where content_hash not in ({{ unsettled_contents() }})
            {%- endif %}
        ) as versions
        where {{ hash_of(columns) }} in (
            select {{ hash_of(columns) }}
            from (
                {{ versions }}
            ) as delivered_keys
            {%- if not is_incremental() %}
            group by {{ hash_of(columns) }}
            having count(*) > 1
            {%- endif %}
        )
    ) as ranked_versions
    where version_rank > 1
{%- endmacro %}

{# Contents whose rows in a table may no longer stand: new to the warehouse, or withdrawn from it. #}
{% macro unsettled_contents() -%}
    select content_hash from {{ source('plan', 'deliveries') }} where is_new
    union all
    select content_hash from {{ source('plan', 'withdrawn') }}
{%- endmacro %}

{# After the new rows are in: rows of withdrawn deliveries that no other delivery has replaced leave the table. #}
{% macro forget_withdrawn(content='content_hash') -%}
    {{ forget(content ~ ' in (select content_hash from ' ~ source('plan', 'withdrawn') ~ ')') }}
{%- endmacro %}
