-- One row per member of shops in town whom Tmall was told of (out_member_id), in its highest delivered version.
-- Trap: a row says that a card was handed over; only with `is_recognised` does the platform know the person.
{{ config(unique_key=['shop_id', 'out_member_id']) }}

with latest as (
    {{ latest_delivered('tmall', 'recognised_members', key=['shop_id', 'out_member_id']) }}
),

stg_tmall__recognised_members as (
    select
        {{ surrogate_key(["'tmall'", 'shop_id', 'out_member_id']) }} as recognition_key,
        'tmall' as platform,
        shop_id,
        out_member_id,
        phone_token,
        open_id,
        disguised_name,
        member_level,
        case member_type when '1' then 'smart_store' when '2' then 'member_sync' end as member_type,
        recognition_status = '1' as is_recognised,
        changed_at,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
)

select * from stg_tmall__recognised_members
