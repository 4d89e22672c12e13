-- One row per campaign, business day being built and candidate: the channel he would be written to by, and its terms.
-- Trap: what is decided by, and no more: texts join where the decision is written. A channel that the list of channels does not
-- have is one of messages, to any account.
{{ config(materialized='ephemeral') }}

with days as (
    select as_of_date from {{ ref('int_campaign_days_fingerprinted') }}
    where {{ is_in_block('as_of_date') }}
),

audience_candidates as (
    select * from {{ ref('audience_candidates') }}
    where {{ is_in_block('as_of_date') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
),

channels as (
    select * from {{ ref('channels') }}
),

runs as (
    select
        campaigns.*,
        min(campaigns.start_date) over (partition by campaigns.experiment_id) as experiment_start_date,
        days.as_of_date,
        {{ is_refused('campaigns.campaign_id', 'days.as_of_date') }} as is_refused
    from campaigns
    cross join days
),

routed as (
    select
        audience_candidates.campaign_id,
        audience_candidates.as_of_date,
        audience_candidates.customer_key,
        audience_candidates.tier,
        audience_candidates.priority,
        audience_candidates.expected_amount,
        runs.experiment_start_date,
        runs.experiment_id,
        runs.holdout_ratio,
        runs.daily_budget_amount,
        runs.is_refused,
        coalesce(
            audience_candidates.channel,
            case when audience_candidates.tier = 'high' then runs.tier_channel end,
            runs.channel,
            ''
        ) as listed_channel
    from audience_candidates
    inner join runs
        on
            audience_candidates.campaign_id = runs.campaign_id
            and audience_candidates.as_of_date = runs.as_of_date
)

select
    routed.*,
    channels.channel is null or channels.consent_purpose is not null as asks_consent,
    coalesce(channels.is_touch, true) as is_touch,
    coalesce(channels.minimum_size, 0) as minimum_size,
    coalesce(channels.unit_cost, 0) as unit_cost
from routed
left join channels on routed.listed_channel = channels.channel
