-- One row per feed, platform and stretch of days that it tells of without a silence of more than `feed_grace_days`.
-- Trap: a feed begins and ends with the facts in it, not with its files. A silence is known after the grace: what is made anew in
-- each build counts a feed as ended since its last fact (`ended_date`), tables by day since the grace was over (`silent_date`).
with orders as (
    select * from {{ ref('orders') }}
),

members as (
    select * from {{ ref('members') }}
),

group_memberships as (
    select * from {{ ref('group_memberships') }}
),

guide_contacts as (
    select * from {{ ref('guide_contacts') }}
),

engagements as (
    select * from {{ ref('engagements') }}
),

points_entries as (
    select * from {{ ref('points_entries') }}
),

types as (
    select
        event_type,
        platform,
        min(occurred_date) as begun_date
    from engagements
    where event_type not in ('group_join', 'group_leave')
    group by event_type, platform
),

-- Events of all types come in one export: while it tells of any of them, none of them has ended.
told as (
    select
        'orders' as feed,
        platform,
        paid_date as told_date
    from orders
    where is_valid and customer_key is not null
    union all
    select
        'members' as feed,
        platform,
        joined_date as told_date
    from members
    union all
    select
        'members' as feed,
        platform,
        left_date as told_date
    from members
    where left_date is not null
    union all
    select
        'groups' as feed,
        platform,
        joined_date as told_date
    from group_memberships
    union all
    select
        'guides' as feed,
        'wecom' as platform,
        added_date as told_date
    from guide_contacts
    union all
    select
        'guides' as feed,
        'wecom' as platform,
        removed_date as told_date
    from guide_contacts
    where removed_date is not null
    union all
    select
        types.event_type as feed,
        engagements.platform,
        engagements.occurred_date as told_date
    from engagements
    inner join types on engagements.platform = types.platform and engagements.occurred_date >= types.begun_date
    union all
    select
        'points' as feed,
        platform,
        occurred_date as told_date
    from points_entries
)

{{ feed_stretches('told', ['feed', 'platform']) }}
