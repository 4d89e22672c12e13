-- One row per membership period (platform, shop, account, join time), in its highest delivered version.
{{ config(unique_key=['platform', 'shop_id', 'account_id', 'joined_at']) }}

with delivered as (
    {{ delivered('generic', 'members') }}
),

latest as (
    {{ latest_versions(['platform', 'shop_id', 'account_id', 'joined_at']) }}
),

stg_generic__members as (
    select
        delivered.platform,
        delivered.shop_id,
        delivered.account_id,
        delivered.member_level,
        cast(delivered.points as decimal(18, 2)) as points_balance,
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
            delivered.platform = latest.platform
            and delivered.shop_id = latest.shop_id
            and delivered.account_id = latest.account_id
            and delivered.joined_at = latest.joined_at
            and delivered.content_hash = latest.content_hash
)

select * from stg_generic__members
