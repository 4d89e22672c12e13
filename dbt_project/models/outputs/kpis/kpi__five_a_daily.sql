-- One row per business day asked for and stage of 5A: how many customers are in it.
-- Trap: A1 to A3 are the platforms' knowledge: what was imported of the very day (`five_a_counts`), else null. A4 and A5 are our
-- reading of orders: the platforms' windows are not public, and their persons are not our customers.
with days as (
    select as_of_date from {{ ref('int_days_fingerprinted') }}
),

five_a_counts as (
    select * from {{ ref('five_a_counts') }}
),

buyers as (
    select
        case when recent_purchase_day_count >= {{ var('several_purchase_days') }} then 'A5' else 'A4' end as stage,
        valid_from,
        valid_to
    from {{ ref('int_buyers_classified') }}
    where recent_purchase_day_count > 0
),

stages as (
    select 'A1' as stage
    union all
    select 'A2' as stage
    union all
    select 'A3' as stage
    union all
    select 'A4' as stage
    union all
    select 'A5' as stage
),

changes as (
    {{ changes_of('buyers', ['stage']) }}
),

counts as (
    select
        days.as_of_date,
        stages.stage,
        sum(changes.change) as customer_count
    from days
    cross join stages
    left join changes
        on
            stages.stage = changes.stage
            and days.as_of_date >= changes.changed_date
    group by days.as_of_date, stages.stage
),

told as (
    {{ told_kinds('days', {'orders': "= 'orders'"}) }}
)

select
    counts.as_of_date,
    counts.stage,
    case
        when counts.stage in ('A1', 'A2', 'A3') then five_a_counts.person_count
        when told.has_orders then cast(coalesce(counts.customer_count, 0) as bigint)
    end as customer_count,
    case
        when counts.stage in ('A1', 'A2', 'A3')
            then case when five_a_counts.person_count is null then 'not imported: the platform alone sees it' end
        when not told.has_orders then 'no feed tells of orders of known buyers'
    end as unknown_reason
from counts
inner join told on counts.as_of_date = told.as_of_date
left join five_a_counts
    on
        counts.as_of_date = five_a_counts.counted_date
        and counts.stage = five_a_counts.stage
