-- One row per membership period (platform, shop, account, join time), in its highest delivered version.
{{ config(unique_key=['platform', 'shop_id', 'account_id', 'joined_at']) }}

with latest as (
    {{ latest_delivered('generic', 'members', key=['platform', 'shop_id', 'account_id', 'joined_at']) }}
),

stg_generic__members as (
    select
        latest.platform,
        latest.shop_id,
        latest.account_id,
        latest.member_level,
        cast(latest.points as decimal(18, 2)) as points_balance,
        latest.joined_at,
        latest.birthday,
        latest.join_channel,
        latest.join_touchpoint,
        latest.left_at,
        latest.versioned_at,
        latest.delivered_date,
        latest.content_hash,
        latest.line_number
    from latest
)

select * from stg_generic__members
