-- One row per stay of a member in a WeCom customer group (group, member, join time), in its highest delivered version.
-- Trap: staff are members too: leave them out by is_staff. Who has left is in no file: only later lists without them tell.
{{ config(unique_key=['shop_id', 'group_id', 'member_id', 'joined_at']) }}

with latest as (
    {{ latest_delivered('wecom', 'group_members', key=['shop_id', 'group_id', 'member_id', 'joined_at']) }}
),

stg_wecom__group_members as (
    select
        case
            when member_type = '2'
                then {{ surrogate_key(["'wecom'", 'shop_id', 'member_id']) }}
        end as account_key,
        'wecom' as platform,
        shop_id,
        group_id,
        member_id,
        member_type = '1' as is_staff,
        union_id,
        joined_at,
        case join_scene
            when '1' then 'invited'
            when '2' then 'link'
            when '3' then 'qr_code'
        end as join_method,
        invited_by,
        owner_id,
        group_created_at,
        channel_code,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
)

select * from stg_wecom__group_members
