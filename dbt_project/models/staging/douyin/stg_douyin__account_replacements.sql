-- One row per open_id of a shop that was replaced by another, in its highest delivered version.
-- Trap: the new open_id may have been replaced in turn.
{{ config(unique_key=['shop_id', 'old_account_id']) }}

with latest as (
    {{ latest_delivered('douyin', 'account_replacements', key=['shop_id', 'old_account_id']) }}
),

stg_douyin__account_replacements as (
    select
        {{ surrogate_key(["'douyin'", 'shop_id', 'old_account_id']) }} as old_account_key,
        {{ surrogate_key(["'douyin'", 'shop_id', 'new_account_id']) }} as new_account_key,
        'douyin' as platform,
        shop_id,
        old_account_id,
        new_account_id,
        replaced_at,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
)

select * from stg_douyin__account_replacements
