-- One row per campaign, business day being built and candidate: the first reason to stay out, were there no other campaign.
-- Trap: a campaign's money goes to the high tier and the largest amounts first. Who ends it is drawn apart from the arm, so that
-- the money ends at the same place for both arms.
{{ config(materialized='ephemeral') }}

with audience_judgements as (
    select * from {{ ref('audience_judgements') }}
),

list_sizes as (
    select
        campaign_id,
        as_of_date,
        listed_channel,
        sum(case when personal_reason is null and not is_control then 1 else 0 end) as list_size
    from audience_judgements
    group by campaign_id, as_of_date, listed_channel
),

admissible as (
    select
        audience_judgements.*,
        case
            when
                audience_judgements.personal_reason is null
                and list_sizes.list_size < audience_judgements.minimum_size
                then 'below_minimum_size'
            else audience_judgements.personal_reason
        end as own_reason
    from audience_judgements
    inner join list_sizes
        on
            audience_judgements.campaign_id = list_sizes.campaign_id
            and audience_judgements.as_of_date = list_sizes.as_of_date
            and audience_judgements.listed_channel = list_sizes.listed_channel
),

budgeted as (
    select
        campaign_id,
        as_of_date,
        customer_key,
        daily_budget_amount,
        sum(case when not is_control then unit_cost else 0 end) over (
            partition by campaign_id, as_of_date
            order by
                case when tier = 'high' then 0 else 1 end asc,
                coalesce(expected_amount, 0) desc,
                {{ arm_draw("campaign_id || ' budget'", 'customer_key') }} asc,
                customer_key asc
            rows between unbounded preceding and current row
        ) as spent_amount
    from admissible
    where own_reason is null and daily_budget_amount is not null
)

select
    admissible.campaign_id,
    admissible.as_of_date,
    admissible.customer_key,
    admissible.priority,
    admissible.listed_channel,
    admissible.is_touch,
    admissible.minimum_size,
    admissible.is_control,
    admissible.is_contaminated,
    coalesce(
        admissible.own_reason, case when budgeted.spent_amount > budgeted.daily_budget_amount then 'over_budget' end
    ) as reason_to_stay_out
from admissible
left join budgeted
    on
        admissible.campaign_id = budgeted.campaign_id
        and admissible.as_of_date = budgeted.as_of_date
        and admissible.customer_key = budgeted.customer_key
