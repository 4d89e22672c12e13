-- One row per campaign and customer who was ever in it: the first day, with the arm, the tier and the variant of that day.
-- Trap: who is in on many days enters once; the control group is here too, and it is what treatment is compared with.
with decisions as (
    select * from {{ ref('audience_decisions') }}
    where suppressed_reason is null
),

first_days as (
    select
        campaign_id,
        customer_key,
        min(as_of_date) as entered_date
    from decisions
    group by campaign_id, customer_key
)

select
    decisions.campaign_id,
    decisions.customer_key,
    first_days.entered_date,
    decisions.arm,
    coalesce(decisions.tier, 'unknown') as tier,
    coalesce(decisions.variant, 'none') as variant,
    decisions.is_contaminated
from decisions
inner join first_days
    on
        decisions.campaign_id = first_days.campaign_id
        and decisions.customer_key = first_days.customer_key
        and decisions.as_of_date = first_days.entered_date
