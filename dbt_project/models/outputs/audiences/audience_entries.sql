-- One row per campaign (`*`: the whole programme) and customer who was ever in it: the first day, its arm, tier and variant.
-- Trap: who is in on many days enters once; the control group is here too, and it is what treatment is compared with. Into the
-- programme enters whoever nothing personal speaks against: its control group is the universal holdout.
with all_decisions as (
    select * from {{ ref('audience_decisions') }}
),

decisions as (
    select * from all_decisions
    where suppressed_reason is null
),

first_days as (
    select
        campaign_id,
        customer_key,
        min(as_of_date) as entered_date
    from decisions
    group by campaign_id, customer_key
),

-- Whoever became control by merging on any day of the campaign, after he had been written to: suppressed or not.
contaminations as (
    select
        campaign_id,
        customer_key
    from all_decisions
    where is_contaminated
    group by campaign_id, customer_key
),

holdouts as (
    select count(*) as holdout_count
    from all_decisions
    where suppressed_reason = 'universal_holdout'
),

-- Reasons that come after the draw: on such a day the person would have been written to but for others.
programme_states as (
    select
        all_decisions.customer_key,
        case when all_decisions.suppressed_reason = 'universal_holdout' then 'control' else 'treatment' end as arm,
        min(all_decisions.as_of_date) as entered_date
    from all_decisions
    cross join holdouts
    where
        holdouts.holdout_count > 0
        and all_decisions.is_touch
        and coalesce(all_decisions.suppressed_reason, 'universal_holdout') in (
            'universal_holdout', 'below_minimum_size', 'over_budget', 'in_higher_priority_campaign'
        )
    group by
        all_decisions.customer_key,
        case when all_decisions.suppressed_reason = 'universal_holdout' then 'control' else 'treatment' end
)

select
    decisions.campaign_id,
    decisions.customer_key,
    first_days.entered_date,
    decisions.arm,
    coalesce(decisions.tier, 'unknown') as tier,
    coalesce(decisions.variant, 'none') as variant,
    contaminations.customer_key is not null as is_contaminated
from decisions
inner join first_days
    on
        decisions.campaign_id = first_days.campaign_id
        and decisions.customer_key = first_days.customer_key
        and decisions.as_of_date = first_days.entered_date
left join contaminations
    on
        decisions.campaign_id = contaminations.campaign_id
        and decisions.customer_key = contaminations.customer_key

union all

select
    '*' as campaign_id,
    customer_key,
    min(entered_date) as entered_date,
    min(arm) as arm,
    'none' as tier,
    'none' as variant,
    count(*) > 1 as is_contaminated
from programme_states
group by customer_key
