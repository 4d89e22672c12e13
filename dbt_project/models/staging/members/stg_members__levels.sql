-- One row per delivered row of a member export, or member event, that says an account's level: every version for itself.
-- Trap: an empty level says nothing and is not here; Tmall's grade 0 says that the account is no member: its level is null. Where
-- a row says a number and no name, `member_level` is that number.
{{ renewed_table("forget('content_hash in (' ~ unsettled_contents() ~ ')')") }}

with douyin as (
    {{ stated_rows('douyin', 'members', [
        'shop_id', 'account_id', 'joined_at', 'level_name', 'member_level', 'content_hash', 'line_number'
    ]) }}
),

tmall as (
    {{ stated_rows('tmall', 'members', [
        'shop_id', 'account_id', 'joined_at', 'member_grade', 'member_level', 'content_hash', 'line_number'
    ]) }}
),

cards as (
    {{ stated_rows('pos', 'members', ['shop_id', 'account_id', 'member_level', 'content_hash', 'line_number']) }}
),

generic as (
    {{ stated_rows('generic', 'members', [
        'platform', 'shop_id', 'account_id', 'joined_at', 'member_level', 'content_hash', 'line_number'
    ]) }}
),

events as (
    {{ stated_rows('generic', 'events', [
        'platform', 'shop_id', 'account_id', 'event_type', 'occurred_at', 'object_id', 'content_hash', 'line_number'
    ]) }}
),

-- An export that has one row per account, whatever its joining, is matched with the membership by day.
stated as (
    select
        'douyin' as platform,
        shop_id,
        account_id,
        joined_at,
        true as is_joining_known,
        false as is_event,
        coalesce(level_name, member_level) as member_level,
        member_level as level_number,
        versioned_at as stated_at,
        delivered_date,
        content_hash,
        line_number
    from douyin
    where coalesce(level_name, member_level) is not null

    union all

    select
        'tmall' as platform,
        shop_id,
        account_id,
        cast(null as timestamp) as joined_at,
        joined_at is not null as is_joining_known,
        false as is_event,
        case when member_grade > 0 then coalesce(member_level, cast(member_grade as varchar)) end as member_level,
        case when member_grade > 0 then cast(member_grade as varchar) end as level_number,
        versioned_at as stated_at,
        delivered_date,
        content_hash,
        line_number
    from tmall
    where member_grade is not null

    union all

    select
        'pos' as platform,
        shop_id,
        account_id,
        cast(null as timestamp) as joined_at,
        true as is_joining_known,
        false as is_event,
        member_level,
        member_level as level_number,
        versioned_at as stated_at,
        delivered_date,
        content_hash,
        line_number
    from cards
    where member_level is not null

    union all

    select
        platform,
        shop_id,
        account_id,
        joined_at,
        true as is_joining_known,
        false as is_event,
        member_level,
        member_level as level_number,
        versioned_at as stated_at,
        delivered_date,
        content_hash,
        line_number
    from generic
    where member_level is not null

    union all

    select
        platform,
        shop_id,
        account_id,
        cast(null as timestamp) as joined_at,
        true as is_joining_known,
        true as is_event,
        object_id as member_level,
        object_id as level_number,
        occurred_at as stated_at,
        delivered_date,
        content_hash,
        line_number
    from events
    where event_type = 'level_change' and object_id is not null
),

stg_members__levels as (
    select
        {{ surrogate_key(['platform', 'shop_id', 'account_id']) }} as account_key,
        platform,
        shop_id,
        joined_at,
        is_joining_known,
        is_event,
        member_level,
        case when try_cast(level_number as bigint) is not null then level_number end as level_number,
        stated_at,
        delivered_date,
        content_hash,
        line_number
    from stated
)

select * from stg_members__levels
