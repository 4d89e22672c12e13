-- One row per platform, shop, business day and metric that the platform's own summary tells: our figure, theirs, why they differ.
-- Trap: a gap is ours less theirs; the other `_gap` columns are the reasons that our tables know, and only `unexplained_gap` is
-- judged. What unknown buyers bought explains at most what is missing.
with reconciliation_figures as (
    select * from {{ ref('reconciliation_figures') }}
),

reconciliation_tolerances as (
    select * from {{ ref('reconciliation_tolerances') }}
),

compared as (
    select
        *,
        our_figure - platform_figure as gap,
        coalesce(uncounted_kinds_gap, 0) + coalesce(several_lines_gap, 0) + coalesce(refund_dating_gap, 0)
        + coalesce(later_refunds_gap, 0) + coalesce(uncounted_refunds_gap, 0) + coalesce(other_shops_members_gap, 0)
        + coalesce(day_members_gap, 0) as known_gap
    from reconciliation_figures
),

explained as (
    select
        *,
        case
            when nobodys_figure is not null and gap is not null then -least(nobodys_figure, greatest(known_gap - gap, 0))
        end as unknown_buyers_gap
    from compared
),

judged as (
    select
        explained.*,
        tolerances.tolerance_ratio as tolerance,
        tolerances.severity,
        explained.gap - explained.known_gap - coalesce(explained.unknown_buyers_gap, 0) as unexplained_gap
    from explained
    inner join reconciliation_tolerances as tolerances
        on explained.platform = tolerances.platform and explained.metric = tolerances.metric
)

select
    platform,
    shop_id,
    business_date,
    metric,
    exported_date,
    our_figure,
    platform_figure,
    cast(gap as decimal(18, 2)) as gap,
    {{ ratio('gap', 'platform_figure') }} as gap_ratio,
    uncounted_kinds_gap,
    several_lines_gap,
    refund_dating_gap,
    later_refunds_gap,
    uncounted_refunds_gap,
    other_shops_members_gap,
    day_members_gap,
    cast(unknown_buyers_gap as decimal(18, 2)) as unknown_buyers_gap,
    cast(unexplained_gap as decimal(18, 2)) as unexplained_gap,
    {{ ratio('unexplained_gap', 'platform_figure') }} as unexplained_ratio,
    tolerance,
    severity,
    case
        when our_figure is null then 'not_comparable'
        when gap = 0 then 'equal'
        when unexplained_gap = 0 then 'explained'
        when abs(unexplained_gap) <= tolerance * abs(platform_figure) then 'within_tolerance'
        else 'beyond_tolerance'
    end as status,
    missing_reason
from judged
