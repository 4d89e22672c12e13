-- One row per business day asked for: the private domain and its members by the measures of FAST+.
-- Trap: the formulas are our own definitions: those of FAST+ are not public. What no feed tells is null; draw no trend where
-- `is_comparable` is false.
{% set feeds_of = {
    'private_domain': ['members', 'groups', 'guides', 'follow'],
    'activity': [
        'orders', 'points', 'live_watch', 'browse', 'cart', 'favourite', 'follow', 'coupon_claim', 'coupon_use', 'share', 'invite'
    ],
} -%}

with days as (
    select as_of_date from {{ ref('int_days_fingerprinted') }}
),

counts as (
    select * from {{ ref('fast_plus_counts_daily') }}
),

high_value_members as (
    select * from {{ ref('high_value_members_daily') }}
),

feeds as (
    select * from {{ ref('feeds') }}
),

feeds_told as (
    {{ feeds_told('days') }}
),

feeds_by_day as (
    select
        feeds.as_of_date,
        {%- for use, names in feeds_of.items() %}
        concat_ws(
            ', '
            {%- for name in names %},
            case when bool_or(feeds.feed = '{{ name }}' and feeds.is_told) then '{{ name }}' end{% endfor %}
        ) as {{ use }}_feeds,
        {%- endfor %}
        bool_or(feeds.feed = 'orders' and feeds.is_told) as has_orders,
        bool_or(feeds.feed = 'members' and feeds.is_told) as has_members,
        max(feeds.changed_date) <= {{ days_before('feeds.as_of_date', var('fast_period_days')) }}
        and bool_or(feeds.is_told) as is_comparable
    from feeds_told as feeds
    group by feeds.as_of_date
),

-- What no feed tells of on the day is unknown.
told as (
    select
        counts.*,
        coalesce(feeds.is_comparable, false) as is_comparable,
        coalesce(nullif(feeds.private_domain_feeds, ''), 'none') as private_domain_feeds,
        coalesce(nullif(feeds.activity_feeds, ''), 'none') as activity_feeds,
        case when feeds.private_domain_feeds <> '' then counts.private_domain_count end as told_domain_count,
        case when feeds.private_domain_feeds <> '' then counts.deepening_base_count end as told_base_count,
        case when feeds.has_orders then counts.buyer_count end as told_buyer_count,
        case when feeds.has_members then counts.member_count end as told_member_count,
        case when feeds.has_members and feeds.activity_feeds <> '' then counts.member_count end as watched_count
    from counts
    left join feeds_by_day as feeds on counts.as_of_date = feeds.as_of_date
),

-- Where the whole is known, a part that nobody is in is empty.
completed as (
    select
        told.*,
        {{ part_of('told.told_domain_count', 'told.entered_count') }} as came_count,
        {{ part_of('told.told_domain_count', 'told.left_count') }} as gone_count,
        {{ part_of('told.told_domain_count + told.told_buyer_count', 'told.private_domain_buyer_count') }} as both_count,
        {{ part_of('told.told_base_count', 'told.deepened_count') }} as risen_count,
        case when told.told_member_count + told.told_buyer_count is not null then high_value_members.member_count end
            as high_value_member_count,
        {{ part_of('told.watched_count', 'told.active_member_count_30d') }} as active_count_30d,
        {{ part_of('told.watched_count', 'told.active_member_count_90d') }} as active_count_90d,
        {{ part_of('told.watched_count', 'told.active_member_count_180d') }} as active_count_180d
    from told
    left join high_value_members on told.as_of_date = high_value_members.as_of_date
)

select
    as_of_date,
    told_domain_count as private_domain_count,
    came_count as entered_count,
    gone_count as left_count,
    came_count - gone_count as net_entered_count,
    both_count as private_domain_buyer_count,
    told_buyer_count as buyer_count,
    {{ ratio('both_count', 'told_buyer_count') }} as penetration_ratio,
    risen_count as deepened_count,
    told_base_count as deepening_base_count,
    {{ ratio('risen_count', 'told_base_count') }} as deepening_ratio,
    told_member_count as member_count,
    cast(high_value_member_count as bigint) as high_value_member_count,
    {{ ratio('high_value_member_count', 'told_member_count') }} as high_value_member_ratio,
    {%- for days in [30, 90, 180] %}
    active_count_{{ days }}d as active_member_count_{{ days }}d,
    {{ ratio('active_count_' ~ days ~ 'd', 'told_member_count') }} as active_member_ratio_{{ days }}d,
    {%- endfor %}
    private_domain_feeds,
    activity_feeds,
    is_comparable,
    {{ missing_feeds({
        'private domain': "private_domain_feeds = 'none' or told_domain_count is null",
        'private domain a period before': 'told_base_count is null',
        'orders': 'told_buyer_count is null',
        'members': 'told_member_count is null',
        'activities': "activity_feeds = 'none'"
    }) }} as missing_feeds
from completed
