-- One row per business day asked for: the private domain and its members by the measures of FAST+.
-- Trap: the formulas are our own definitions: those of FAST+ are not public. What no feed tells is null; draw no trend where
-- `is_comparable` is false.
{% set measures = [
    'private_domain', 'buyer', 'private_domain_buyer', 'deepening_base', 'deepened', 'member', 'active_member_30d',
    'active_member_90d', 'active_member_180d'
] -%}
{% set feeds_of = {
    'private_domain': ['members', 'groups', 'guides', 'follow'],
    'activity': [
        'orders', 'points', 'live_watch', 'browse', 'cart', 'favourite', 'follow', 'coupon_claim', 'coupon_use', 'share', 'invite'
    ],
} -%}

with days as (
    select as_of_date from {{ ref('int_days_fingerprinted') }}
),

fast_plus_periods as (
    select * from {{ ref('fast_plus_periods') }}
),

high_value_members as (
    select * from {{ ref('high_value_members_daily') }}
),

feeds as (
    select * from {{ ref('feeds') }}
),

changes as (
    select
        measure,
        valid_from as changed_date,
        count(*) as entered_count,
        0 as left_count
    from fast_plus_periods
    group by measure, valid_from
    union all
    select
        measure,
        valid_to as changed_date,
        0 as entered_count,
        count(*) as left_count
    from fast_plus_periods
    where valid_to is not null
    group by measure, valid_to
),

-- Null before anything is told of a measure.
counts as (
    select
        days.as_of_date,
        {%- for measure in measures %}
        sum(case when changes.measure = '{{ measure }}' then changes.entered_count - changes.left_count end)
            as {{ measure }}_count,
        {%- endfor %}
        sum(
            case when changes.measure = 'private_domain' and changes.changed_date = days.as_of_date then changes.entered_count end
        ) as entered_count,
        sum(case when changes.measure = 'private_domain' and changes.changed_date = days.as_of_date then changes.left_count end)
            as left_count
    from days
    left join changes on days.as_of_date >= changes.changed_date
    group by days.as_of_date
),

feeds_by_day as (
    select
        days.as_of_date,
        {%- for use, names in feeds_of.items() %}
        concat_ws(
            ', '
            {%- for name in names %},
            case when bool_or(feeds.feed = '{{ name }}') then '{{ name }}' end{% endfor %}
        ) as {{ use }}_feeds,
        {%- endfor %}
        coalesce(max(feeds.begun_date) <= {{ days_before('days.as_of_date', var('fast_period_days')) }}, false) as is_comparable
    from days
    left join feeds on days.as_of_date >= feeds.begun_date
    group by days.as_of_date
),

-- Where the whole is known, a part that nobody is in is empty.
completed as (
    select
        counts.*,
        feeds_by_day.private_domain_feeds,
        feeds_by_day.activity_feeds,
        feeds_by_day.is_comparable,
        {{ part_of('counts.private_domain_count', 'counts.entered_count') }} as came_count,
        {{ part_of('counts.private_domain_count', 'counts.left_count') }} as gone_count,
        {{ part_of('counts.private_domain_count + counts.buyer_count', 'counts.private_domain_buyer_count') }} as both_count,
        {{ part_of('counts.deepening_base_count', 'counts.deepened_count') }} as risen_count,
        case when counts.member_count + counts.buyer_count is not null then high_value_members.member_count end
            as high_value_member_count,
        {{ part_of('counts.member_count', 'counts.active_member_30d_count') }} as active_count_30d,
        {{ part_of('counts.member_count', 'counts.active_member_90d_count') }} as active_count_90d,
        {{ part_of('counts.member_count', 'counts.active_member_180d_count') }} as active_count_180d
    from counts
    inner join feeds_by_day on counts.as_of_date = feeds_by_day.as_of_date
    left join high_value_members on counts.as_of_date = high_value_members.as_of_date
)

select
    as_of_date,
    cast(private_domain_count as bigint) as private_domain_count,
    cast(came_count as bigint) as entered_count,
    cast(gone_count as bigint) as left_count,
    cast(came_count - gone_count as bigint) as net_entered_count,
    cast(both_count as bigint) as private_domain_buyer_count,
    cast(buyer_count as bigint) as buyer_count,
    {{ ratio('both_count', 'buyer_count') }} as penetration_ratio,
    cast(risen_count as bigint) as deepened_count,
    cast(deepening_base_count as bigint) as deepening_base_count,
    {{ ratio('risen_count', 'deepening_base_count') }} as deepening_ratio,
    cast(member_count as bigint) as member_count,
    cast(high_value_member_count as bigint) as high_value_member_count,
    {{ ratio('high_value_member_count', 'member_count') }} as high_value_member_ratio,
    cast(active_count_30d as bigint) as active_member_count_30d,
    {{ ratio('active_count_30d', 'member_count') }} as active_member_ratio_30d,
    cast(active_count_90d as bigint) as active_member_count_90d,
    {{ ratio('active_count_90d', 'member_count') }} as active_member_ratio_90d,
    cast(active_count_180d as bigint) as active_member_count_180d,
    {{ ratio('active_count_180d', 'member_count') }} as active_member_ratio_180d,
    coalesce(nullif(private_domain_feeds, ''), 'none') as private_domain_feeds,
    coalesce(nullif(activity_feeds, ''), 'none') as activity_feeds,
    is_comparable
from completed
