-- One row per campaign, business day being built and candidate: the first reason of his own to stay out, and his arm.
-- Trap: nobody is drawn who is out anyway, since a draw costs more than all else that is asked; who merged is.
{{ config(materialized='ephemeral') }}

with audience_routes as (
    select * from {{ ref('audience_routes') }}
),

audience_consents as (
    select * from {{ ref('audience_consents') }}
),

audience_reach as (
    select * from {{ ref('audience_reach') }}
),

audience_restraints as (
    select * from {{ ref('audience_restraints') }}
),

audience_merged_draws as (
    select * from {{ ref('audience_merged_draws') }}
),

merged_accounts as (
    select * from {{ ref('int_customers_merged') }}
),

-- Whoever merges with somebody who is held out is so himself, from then on. Who was one person before the first campaign is
-- drawn once: a draw for each of his accounts would hold out whoever has many more often.
held_out_mergers as (
    select
        customer_key,
        min(merged_date) as merged_date
    from merged_accounts
    where
        {{ arm_draw("'universal holdout'", 'account_key') }} < {{ var('universal_holdout_ratio') }} * 1000000
        and merged_date >= (select min(campaigns.start_date) from {{ ref('campaigns') }} as campaigns)
    group by customer_key
),

judged as (
    select
        audience_routes.*,
        audience_merged_draws.least_draw,
        audience_merged_draws.highest_draw,
        audience_routes.holdout_ratio * 1000000 as held_out,
        case
            when audience_routes.is_refused then 'campaign_refused'
            when audience_routes.asks_consent and audience_consents.granted_at is null then 'no_consent'
            when audience_routes.asks_consent and audience_consents.withdrawn_at is not null then 'opted_out'
            when audience_routes.is_touch and audience_restraints.has_left then 'left_programme'
            when audience_reach.customer_key is null then 'unreachable'
            when audience_routes.is_touch and audience_restraints.has_been_written_to then 'touched_recently'
            when audience_routes.is_touch and audience_restraints.has_open_refund then 'open_refund'
            when audience_routes.is_touch and audience_restraints.has_bought then 'bought_recently'
            {%- if var('universal_holdout_ratio') | float > 0 %}
            when
                audience_routes.is_touch
                and (
                    {{ arm_draw("'universal holdout'", 'audience_routes.customer_key') }}
                    < {{ var('universal_holdout_ratio') }} * 1000000
                    or held_out_mergers.customer_key is not null
                )
                then 'universal_holdout'
            {%- endif %}
        end as personal_reason
    from audience_routes
    left join audience_consents
        on
            audience_routes.as_of_date = audience_consents.as_of_date
            and audience_routes.customer_key = audience_consents.customer_key
            and audience_routes.listed_channel = audience_consents.listed_channel
    left join audience_reach
        on
            audience_routes.as_of_date = audience_reach.as_of_date
            and audience_routes.customer_key = audience_reach.customer_key
            and audience_routes.listed_channel = audience_reach.listed_channel
    left join audience_restraints
        on
            audience_routes.as_of_date = audience_restraints.as_of_date
            and audience_routes.customer_key = audience_restraints.customer_key
    left join audience_merged_draws
        on
            audience_routes.campaign_id = audience_merged_draws.campaign_id
            and audience_routes.as_of_date = audience_merged_draws.as_of_date
            and audience_routes.customer_key = audience_merged_draws.customer_key
    left join held_out_mergers
        on
            audience_routes.customer_key = held_out_mergers.customer_key
            and audience_routes.as_of_date >= held_out_mergers.merged_date
),

drawn as (
    select
        judged.*,
        coalesce(
            judged.least_draw,
            case when judged.personal_reason is null then {{ arm_draw('judged.experiment_id', 'judged.customer_key') }} end
        ) as arm_draw
    from judged
)

select
    campaign_id,
    as_of_date,
    customer_key,
    tier,
    priority,
    expected_amount,
    daily_budget_amount,
    listed_channel,
    is_touch,
    minimum_size,
    unit_cost,
    personal_reason,
    arm_draw < held_out as is_control,
    coalesce(arm_draw < held_out and highest_draw >= held_out, false) as is_contaminated
from drawn
