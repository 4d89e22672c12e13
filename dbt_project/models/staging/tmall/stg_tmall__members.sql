-- One row per person a Tmall shop knows (account), in its highest delivered version.
-- Trap: grade 0 is a customer who is no member, and the interfaces do not say when somebody joined.
{{ config(unique_key=['shop_id', 'account_id']) }}

with latest as (
    {{ latest_delivered('tmall', 'members', key=['shop_id', 'account_id']) }}
),

stg_tmall__members as (
    select
        {{ surrogate_key(["'tmall'", 'shop_id', 'account_id']) }} as account_key,
        'tmall' as platform,
        shop_id,
        account_id,
        open_uid,
        disguised_name,
        phone_token,
        coalesce(member_grade > 0, false) as is_member,
        coalesce(member_level, cast(member_grade as varchar)) as member_level,
        cast(points as decimal(18, 2)) as points_balance,
        joined_at,
        coalesce(member_status = 'blacklist', false) as is_blacklisted,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
)

select * from stg_tmall__members
