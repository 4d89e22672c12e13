-- One row per open_id of a shop and union_id it had, in its highest delivered version.
-- Trap: a union_id does not prove a membership; joining one shop of a brand gives one in the others.
{{ config(unique_key=['shop_id', 'account_id', 'union_id']) }}

with latest as (
    {{ latest_delivered('douyin', 'union_ids', key=['shop_id', 'account_id', 'union_id']) }}
),

stg_douyin__union_ids as (
    select
        {{ surrogate_key(["'douyin'", 'shop_id', 'account_id']) }} as account_key,
        'douyin' as platform,
        shop_id,
        account_id,
        union_id,
        valid_from,
        valid_to,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
)

select * from stg_douyin__union_ids
