-- One row per card of a shop in town (卡号), in its highest delivered version.
-- Trap: a merged card still stands here; the person goes on under `merged_into_account_id`.
{{ config(unique_key=['shop_id', 'account_id']) }}

with latest as (
    {{ latest_delivered('pos', 'members', key=['shop_id', 'account_id']) }}
),

stg_pos__members as (
    select
        {{ surrogate_key(["'pos'", 'shop_id', 'account_id']) }} as account_key,
        case
            when merged_into_account_id is not null
                then {{ surrogate_key(["'pos'", 'shop_id', 'merged_into_account_id']) }}
        end as merged_into_account_key,
        'pos' as platform,
        shop_id,
        account_id,
        merged_into_account_id,
        phone_token,
        open_id,
        store_id,
        join_touchpoint,
        case
            when gender in ('男', '1', 'male', 'M') then 'male'
            when gender in ('女', '2', 'female', 'F') then 'female'
        end as gender,
        birthday,
        member_level,
        case
            when merged_into_account_id is not null or member_status = '被合并' then 'merged'
            when member_status = '冻结' then 'frozen'
            when member_status = '销户' then 'closed'
            when member_status is null or member_status = '正常' then 'active'
            else 'unknown'
        end as card_status,
        balance_amount,
        cast(points as decimal(18, 2)) as points_balance,
        joined_at,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
)

select * from stg_pos__members
