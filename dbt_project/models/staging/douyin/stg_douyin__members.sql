-- One row per membership period of a Douyin account (shop, open_id, join time), in its highest delivered version.
-- Trap: point_cent is a hundred times the points, and may be negative.
{{ config(unique_key=['shop_id', 'account_id', 'joined_at']) }}

with latest as (
    {{ latest_delivered('douyin', 'members', key=['shop_id', 'account_id', 'joined_at']) }}
),

stg_douyin__members as (
    select
        'douyin' as platform,
        latest.shop_id,
        latest.account_id,
        latest.union_id,
        latest.mobile as phone_token,
        coalesce(latest.level_name, latest.member_level) as member_level,
        cast(latest.point_cent / 100.0 as decimal(18, 2)) as points_balance,
        latest.joined_at,
        latest.birthday,
        latest.join_channel,
        latest.left_at,
        latest.versioned_at,
        latest.delivered_date,
        latest.content_hash,
        latest.line_number
    from latest
)

select * from stg_douyin__members
