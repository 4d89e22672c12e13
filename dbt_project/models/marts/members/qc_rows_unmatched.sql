-- One row per delivered row that says something of a person whom it does not reach: for somebody to read.
-- Trap: an account that nothing else knows may be known tomorrow, and the row then counts; a mistyped one never is.
with consents as (
    select * from {{ ref('stg_generic__consents') }}
),

matched_consents as (
    select consent_key from {{ ref('int_consents_matched') }}
    group by consent_key
),

levels as (
    select * from {{ ref('stg_members__levels') }}
    where is_event
),

memberships as (
    select * from {{ ref('int_memberships_unioned') }}
),

events as (
    select * from {{ ref('stg_generic__events') }}
    where event_type = 'group_leave'
),

group_stays as (
    select * from {{ ref('int_group_stays_dated') }}
),

points as (
    select * from {{ ref('points_entries') }}
    where customer_key is null
),

accounts as (
    select * from {{ ref('customer_accounts') }}
),

members_then as (
    select
        levels.content_hash,
        levels.line_number
    from levels
    inner join memberships on levels.account_key = memberships.account_key and {{ is_of_stay('levels', 'memberships') }}
    group by levels.content_hash, levels.line_number
),

joined_before as (
    select events.event_key
    from events
    inner join group_stays
        on
            events.account_key = group_stays.account_key
            and events.object_id = group_stays.group_id
            and events.occurred_at >= group_stays.joined_at
    group by events.event_key
)

select
    case when consents.withdrawn_at is null then 'consent' else 'withdrawal' end as statement,
    'account_unknown' as finding,
    consents.platform,
    consents.shop_id,
    consents.content_hash,
    consents.line_number
from consents
left join matched_consents on consents.consent_key = matched_consents.consent_key
where matched_consents.consent_key is null

union all

select
    'level_change' as statement,
    case when accounts.account_key is null then 'account_unknown' else 'no_member_then' end as finding,
    levels.platform,
    levels.shop_id,
    levels.content_hash,
    levels.line_number
from levels
left join members_then on levels.content_hash = members_then.content_hash and levels.line_number = members_then.line_number
left join accounts on levels.account_key = accounts.account_key
where members_then.content_hash is null

union all

select
    'group_leave' as statement,
    'not_in_group_then' as finding,
    events.platform,
    events.shop_id,
    events.content_hash,
    events.line_number
from events
left join joined_before on events.event_key = joined_before.event_key
where joined_before.event_key is null

union all

select
    'points' as statement,
    'account_unknown' as finding,
    platform,
    shop_id,
    content_hash,
    line_number
from points
