-- One row per membership period of an account (platform, shop, account, join time).
with douyin as (
    select * from {{ ref('stg_douyin__members') }}
),

generic as (
    select * from {{ ref('stg_generic__members') }}
),

unioned as (
    select
        platform,
        shop_id,
        account_id,
        member_level,
        points_balance,
        joined_at,
        join_channel,
        left_at,
        versioned_at
    from douyin

    union all

    select
        platform,
        shop_id,
        account_id,
        member_level,
        points_balance,
        joined_at,
        join_channel,
        left_at,
        versioned_at
    from generic
),

int_memberships_unioned as (
    select
        {{ surrogate_key(['platform', 'shop_id', 'account_id', 'joined_at']) }} as membership_key,
        {{ surrogate_key(['platform', 'shop_id', 'account_id']) }} as customer_key,
        platform,
        shop_id,
        account_id,
        member_level,
        points_balance,
        joined_at,
        join_channel,
        left_at
    from unioned
)

select * from int_memberships_unioned
