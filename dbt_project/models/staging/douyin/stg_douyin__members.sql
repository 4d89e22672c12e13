-- One row per membership period of a Douyin account (shop, open_id, join time), in its highest delivered version.
-- Trap: point_cent is a hundred times the points, and may be negative.
{{ config(unique_key=['shop_id', 'account_id', 'joined_at']) }}

with delivered as (
    {{ delivered('douyin', 'members') }}
),

latest as (
    {{ latest_versions(['shop_id', 'account_id', 'joined_at']) }}
),

stg_douyin__members as (
    select
        'douyin' as platform,
        delivered.shop_id,
        delivered.account_id,
        coalesce(delivered.level_name, delivered.member_level) as member_level,
        cast(delivered.point_cent / 100.0 as decimal(18, 2)) as points_balance,
        delivered.joined_at,
        delivered.join_channel,
        delivered.left_at,
        delivered.versioned_at,
        delivered.delivered_date,
        delivered.content_hash,
        delivered.line_number
    from delivered
    inner join latest
        on
            delivered.shop_id = latest.shop_id
            and delivered.account_id = latest.account_id
            and delivered.joined_at = latest.joined_at
            and delivered.content_hash = latest.content_hash
)

select * from stg_douyin__members
