-- One row per campaign, business day and candidate of its base campaign, in variant A, or in variant B with a recent event.
-- Trap: who is drawn for B and has no event is no candidate; A takes everybody, with an event or without.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with due_days as (
    {{ due_days(days='int_campaign_days_fingerprinted') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
    where template = 'tag_overlay'
),

campaign_values as (
    select * from {{ ref('campaign_values') }}
    where parameter = 'event_types'
),

base_candidates as (
    select * from {{ ref('audience_base_candidates') }}
    where {{ is_in_block('as_of_date') }}
),

engagements as (
    select * from {{ ref('engagements') }}
),

drawn as (
    select
        campaigns.campaign_id,
        base_candidates.as_of_date,
        base_candidates.customer_key,
        campaigns.template,
        base_candidates.tier,
        base_candidates.reason,
        base_candidates.recommended_product_id,
        campaigns.priority,
        base_candidates.guide_id,
        base_candidates.order_id,
        base_candidates.remark,
        base_candidates.expected_response_ratio,
        base_candidates.expected_amount,
        campaigns.window_days,
        case
            when
                {{ arm_draw("campaigns.campaign_id || '/variant'", 'base_candidates.customer_key') }}
                < campaigns.variant_ratio * 1000000
                then 'B'
            else 'A'
        end as variant
    from campaigns
    inner join due_days on due_days.as_of_date between campaigns.start_date and campaigns.end_date
    inner join base_candidates
        on
            campaigns.base_campaign_id = base_candidates.campaign_id
            and due_days.as_of_date = base_candidates.as_of_date
),

events as (
    select
        drawn.campaign_id,
        drawn.as_of_date,
        drawn.customer_key,
        engagements.event_type,
        row_number() over (
            partition by drawn.campaign_id, drawn.as_of_date, drawn.customer_key
            order by engagements.occurred_at desc, engagements.event_key desc
        ) as recency_rank
    from drawn
    inner join campaign_values on drawn.campaign_id = campaign_values.campaign_id
    inner join engagements
        on
            drawn.customer_key = engagements.customer_key
            and campaign_values.value = engagements.event_type
            and engagements.occurred_date <= drawn.as_of_date
            and engagements.occurred_date > {{ days_before('drawn.as_of_date', 'drawn.window_days') }}
    where drawn.variant = 'B'
)

select
    drawn.campaign_id,
    drawn.as_of_date,
    drawn.customer_key,
    drawn.template,
    drawn.tier,
    drawn.reason,
    drawn.recommended_product_id,
    drawn.priority,
    coalesce(events.event_type, 'base') as segment,
    drawn.variant,
    cast(null as varchar) as channel,
    drawn.guide_id,
    drawn.order_id,
    drawn.remark,
    drawn.expected_response_ratio,
    drawn.expected_amount
from drawn
left join events
    on
        drawn.campaign_id = events.campaign_id
        and drawn.as_of_date = events.as_of_date
        and drawn.customer_key = events.customer_key
        and events.recency_rank = 1
where drawn.variant = 'A' or events.customer_key is not null
