-- One row per campaign, business day and candidate: in (with an arm), or out with the first reason.
-- Trap: `suppressed_reason` null means in; a control-group member is in and still gets no message. Priority 1 is the highest,
-- and a person who is in the highest campaign of a day is out of that day's others; a campaign that is refused takes nobody from
-- others, nor draws an arm. Whoever merges with a member of the control group while the experiment runs (all its waves) belongs
-- to it, as to the universal holdout. What is asked before other campaigns is in `decisions/`, for the days of the block.
{{ table_by_day(days='int_campaign_days_fingerprinted', readers=['audience_members']) }}

with audience_admissions as (
    select * from {{ ref('audience_admissions') }}
),

audience_candidates as (
    select * from {{ ref('audience_candidates') }}
    where {{ is_in_block('as_of_date') }}
),

audience_guides as (
    select * from {{ ref('audience_guides') }}
),

-- Messages compete for a person; what is none does not: of several notes for a parcel `audience_parcel_notes` makes one.
ranked as (
    select
        campaign_id,
        as_of_date,
        customer_key,
        priority,
        listed_channel,
        is_touch,
        is_control,
        minimum_size,
        row_number() over (
            partition by as_of_date, customer_key, case when is_touch then '' else campaign_id end
            order by priority asc, campaign_id asc
        ) as place
    from audience_admissions
    where reason_to_stay_out is null
),

-- A list that is too small without those whom higher campaigns have goes to nobody, and its people are free again.
short_lists as (
    select
        campaign_id,
        as_of_date,
        listed_channel
    from ranked
    where minimum_size > 0
    group by campaign_id, as_of_date, listed_channel
    having sum(case when place = 1 and not is_control then 1 else 0 end) < max(minimum_size)
),

placed as (
    select
        ranked.campaign_id,
        ranked.as_of_date,
        ranked.customer_key,
        short_lists.campaign_id is not null as is_of_short_list,
        row_number() over (
            partition by
                ranked.as_of_date,
                ranked.customer_key,
                case when ranked.is_touch and short_lists.campaign_id is null then '' else ranked.campaign_id end
            order by ranked.priority asc, ranked.campaign_id asc
        ) as place
    from ranked
    left join short_lists
        on
            ranked.campaign_id = short_lists.campaign_id
            and ranked.as_of_date = short_lists.as_of_date
            and ranked.listed_channel = short_lists.listed_channel
),

decided as (
    select
        audience_admissions.*,
        case
            when audience_admissions.reason_to_stay_out is not null then audience_admissions.reason_to_stay_out
            when placed.is_of_short_list then 'below_minimum_size'
            when placed.place > 1 then 'in_higher_priority_campaign'
        end as suppressed_reason
    from audience_admissions
    left join placed
        on
            audience_admissions.campaign_id = placed.campaign_id
            and audience_admissions.as_of_date = placed.as_of_date
            and audience_admissions.customer_key = placed.customer_key
)

select
    decided.campaign_id,
    decided.as_of_date,
    decided.customer_key,
    audience_candidates.template,
    audience_candidates.tier,
    audience_candidates.reason,
    decided.suppressed_reason,
    case
        when decided.suppressed_reason is not null then null
        when decided.is_control then 'control'
        else 'treatment'
    end as arm,
    audience_candidates.recommended_product_id,
    decided.priority,
    nullif(decided.listed_channel, '') as channel,
    audience_candidates.segment,
    audience_candidates.variant,
    coalesce(audience_candidates.guide_id, audience_guides.guide_id) as guide_id,
    audience_candidates.order_id,
    audience_candidates.remark,
    audience_candidates.expected_response_ratio,
    audience_candidates.expected_amount,
    decided.is_touch,
    decided.is_contaminated
from decided
inner join audience_candidates
    on
        decided.campaign_id = audience_candidates.campaign_id
        and decided.as_of_date = audience_candidates.as_of_date
        and decided.customer_key = audience_candidates.customer_key
left join audience_guides
    on
        decided.as_of_date = audience_guides.as_of_date
        and decided.customer_key = audience_guides.customer_key
        and decided.listed_channel = audience_guides.listed_channel
