-- One row per membership period of an account (platform, shop, account, join time).
-- Trap: who joins again had left, even where no export of the days between says so: the next joining ends an open period.
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
        content_hash
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
        content_hash
    from generic
),

followed as (
    select
        *,
        lead(joined_at) over (partition by platform, shop_id, account_id order by joined_at) as next_joined_at
    from unioned
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
        least(left_at, next_joined_at) as left_at,
        content_hash
    from followed
)

select * from int_memberships_unioned
