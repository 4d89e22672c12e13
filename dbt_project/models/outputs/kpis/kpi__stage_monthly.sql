-- One row per month with business days asked for, as of the last of them: the stage of the private domain, and what to look at.
-- Trap: own definition, since no public one can be computed: the furthest stage of the seed `stages` whose size and penetration
-- are both reached. A brand replaces the thresholds by its own. `focus_metrics` names columns that hold the figures.
with months as (
    select * from {{ ref('int_months_fingerprinted') }}
),

kpi__fast_plus_daily as (
    select * from {{ ref('kpi__fast_plus_daily') }}
),

kpi__role_daily as (
    select * from {{ ref('kpi__role_daily') }}
),

stages as (
    select * from {{ ref('stages') }}
),

domains as (
    select kpi__fast_plus_daily.*
    from kpi__fast_plus_daily
    inner join months on kpi__fast_plus_daily.as_of_date = months.as_of_date
),

reached as (
    select
        domains.as_of_date,
        max(stages.stage_number) as stage_number
    from domains
    inner join stages
        on
            domains.private_domain_count >= stages.from_private_domain_count
            and domains.penetration_ratio >= stages.from_penetration_ratio
    group by domains.as_of_date
),

invited as (
    select
        as_of_date,
        sum(invited_member_count_30d) as invited_member_count
    from kpi__role_daily
    group by as_of_date
)

select
    cast(date_trunc('month', domains.as_of_date) as date) as month_start,
    domains.as_of_date,
    domains.private_domain_count,
    domains.private_domain_buyer_count,
    domains.buyer_count,
    domains.penetration_ratio,
    stages.stage,
    stages.focus,
    stages.focus_metrics,
    domains.member_count,
    cast(invited.invited_member_count as bigint) as invited_member_count_30d,
    {{ ratio('invited.invited_member_count', 'domains.member_count') }} as referral_ratio,
    {{ missing_feeds({
        'private domain': 'domains.private_domain_count is null',
        'orders': 'domains.buyer_count is null',
        'members': 'domains.member_count is null',
        'invitations': 'invited.invited_member_count is null'
    }) }} as missing_feeds
from domains
left join reached on domains.as_of_date = reached.as_of_date
left join stages on reached.stage_number = stages.stage_number
left join invited on domains.as_of_date = invited.as_of_date
