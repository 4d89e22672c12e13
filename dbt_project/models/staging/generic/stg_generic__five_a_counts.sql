-- One row per day and stage of 5A that a platform counted (platform, shop), in its highest delivered version.
-- Trap: persons of two stages of one day are different ones, persons of two days mostly the same.
{{ config(materialized='view') }}

with latest as (
    {{ latest_delivered('generic', 'five_a_counts', key=['platform', 'shop_id', 'counted_date', 'stage']) }}
),

stg_generic__five_a_counts as (
    select
        platform,
        shop_id,
        counted_date,
        stage,
        person_count,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
)

select * from stg_generic__five_a_counts
