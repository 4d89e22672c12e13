-- One row per membership period of an account (platform, shop, account, join time).
-- Trap: who joins again had left, even where no export of the days between says so: the next joining ends an open period. Tmall's
-- members without a join time and cards that are closed or merged are nobody's membership.
with douyin as (
    select * from {{ ref('stg_douyin__members') }}
),

tmall as (
    select * from {{ ref('stg_tmall__members') }}
    where is_member and joined_at is not null
),

cards as (
    select * from {{ ref('stg_pos__members') }}
    where card_status not in ('closed', 'merged') and joined_at is not null
),

generic as (
    select * from {{ ref('stg_generic__members') }}
),

accounts as (
    select * from {{ ref('int_accounts_resolved') }}
),

unioned as (
    select
        platform,
        shop_id,
        account_id,
        member_level,
        points_balance,
        joined_at,
        birthday,
        join_channel,
        cast(null as varchar) as join_touchpoint,
        left_at,
        versioned_at,
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
        cast(null as varchar) as birthday,
        cast(null as varchar) as join_channel,
        cast(null as varchar) as join_touchpoint,
        cast(null as timestamp) as left_at,
        versioned_at,
        content_hash
    from tmall

    union all

    select
        platform,
        shop_id,
        account_id,
        member_level,
        points_balance,
        joined_at,
        birthday,
        store_id as join_channel,
        join_touchpoint,
        cast(null as timestamp) as left_at,
        versioned_at,
        content_hash
    from cards

    union all

    select
        platform,
        shop_id,
        account_id,
        member_level,
        points_balance,
        joined_at,
        birthday,
        join_channel,
        join_touchpoint,
        left_at,
        versioned_at,
        content_hash
    from generic
),

-- The same period may stand in a platform's export and in a generic one.
ranked as (
    select
        *,
        row_number() over (
            partition by platform, shop_id, account_id, joined_at
            order by versioned_at desc, content_hash desc
        ) as version_rank
    from unioned
),

keyed as (
    select
        *,
        {{ surrogate_key(['platform', 'shop_id', 'account_id', 'joined_at']) }} as membership_key,
        {{ surrogate_key(['platform', 'shop_id', 'account_id']) }} as account_key,
        lead(joined_at) over (partition by platform, shop_id, account_id order by joined_at) as next_joined_at
    from ranked
    where version_rank = 1
),

int_memberships_unioned as (
    select
        keyed.membership_key,
        keyed.account_key,
        coalesce(accounts.customer_key, keyed.account_key) as customer_key,
        keyed.platform,
        keyed.shop_id,
        keyed.account_id,
        keyed.member_level,
        keyed.points_balance,
        keyed.joined_at,
        keyed.birthday,
        keyed.join_channel,
        keyed.join_touchpoint,
        least(keyed.left_at, keyed.next_joined_at) as left_at,
        keyed.content_hash
    from keyed
    left join accounts on keyed.account_key = accounts.account_key
)

select * from int_memberships_unioned
