-- One row per feed and platform that tells of customers, with the first and the last day it tells of.
-- Trap: a feed begins with the first fact in it, not with its first file. Figures on both sides of a beginning do not compare.
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
        event_type as feed,
        platform,
        occurred_date as told_date
    from engagements
    where event_type not in ('group_join', 'group_leave')
    union all
    select
        'points' as feed,
        platform,
        occurred_date as told_date
    from points_entries
)

select
    feed,
    platform,
    min(told_date) as begun_date,
    max(told_date) as last_date
from told
group by feed, platform
