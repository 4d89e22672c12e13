{# Raw rows of the deliveries that count, and which version of a key is the highest. Both depend on the set of
   deliveries alone: never on the clock, on the run, or on which file came first. #}

{% macro delivered(platform, dataset) -%}
    select
        raw.*,
        deliveries.delivery_date as delivered_date,
        coalesce(raw.version_at, cast(deliveries.delivery_date as timestamp)) as versioned_at
    from {{ source(platform, dataset) }} as raw
    inner join {{ source('plan', 'deliveries') }} as deliveries
        on
            deliveries.platform = '{{ platform }}'
            and deliveries.dataset = '{{ dataset }}'
            and raw.content_hash = deliveries.content_hash
    {%- if is_incremental() %}
    where deliveries.is_new
    {%- endif %}
{% endmacro %}

{# One row per key: the content that holds its highest version. `delivered` must be a CTE of the model.
   Settled on keys and versions alone, before any wide column moves. #}
{% macro latest_versions(key) -%}
    {%- set key_columns = key | join(', ') -%}
    select {{ key_columns }}, content_hash
    from (
        select
            {{ key_columns }},
            content_hash,
            row_number() over (
                partition by {{ key_columns }}
                order by versioned_at desc, delivered_date desc, content_hash desc
            ) as version_rank
        from (
            select {{ key_columns }}, versioned_at, delivered_date, content_hash from delivered
            {%- if is_incremental() %}
            union all
            select {{ key_columns }}, versioned_at, delivered_date, content_hash from {{ this }}
            {%- endif %}
        ) as versions
    ) as ranked_versions
    where version_rank = 1
{% endmacro %}
