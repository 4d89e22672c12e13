-- One row per campaign of the plan, its template's parameters typed and defaulted.
-- Trap: a parameter that the template does not have is null; lists are in `campaign_values`. A later wave shares the
-- experiment, and so the control group, of its first one.
with campaigns as (
    select * from {{ ref('stg_generic__campaigns') }}
),

parameters as (
    select * from {{ ref('campaign_parameters') }}
),

pivoted as (
    select
        campaign_id,
        max(case when parameter = 'priority' then value end) as priority,
        max(case when parameter = 'holdout_ratio' then value end) as holdout_ratio,
        max(case when parameter = 'tier_amount' then value end) as tier_amount,
        max(case when parameter = 'tier_ratio' then value end) as tier_ratio,
        max(case when parameter = 'tier_channel' then value end) as tier_channel,
        max(case when parameter = 'daily_budget_amount' then value end) as daily_budget_amount,
        max(case when parameter = 'trial_amount' then value end) as trial_amount,
        max(case when parameter = 'min_days' then value end) as min_days,
        max(case when parameter = 'max_days' then value end) as max_days,
        max(case when parameter = 'window_days' then value end) as window_days,
        max(case when parameter = 'quiet_days' then value end) as quiet_days,
        max(case when parameter = 'birthday_days' then value end) as birthday_days,
        max(case when parameter = 'silent_days' then value end) as silent_days,
        max(case when parameter = 'top_count' then value end) as top_count,
        max(case when parameter = 'minimum_buyers' then value end) as minimum_buyers,
        max(case when parameter = 'variant_ratio' then value end) as variant_ratio,
        max(case when parameter = 'include_refunded' then value end) as include_refunded,
        max(case when parameter = 'wave_one_campaign_id' then value end) as wave_one_campaign_id,
        max(case when parameter = 'base_campaign_id' then value end) as base_campaign_id,
        max(case when parameter = 'remark' then value end) as remark,
        max(case when parameter = 'card_id' then value end) as card_id
    from parameters
    group by campaign_id
)

select
    campaigns.campaign_id,
    campaigns.template,
    campaigns.start_date,
    campaigns.end_date,
    cast(coalesce(pivoted.priority, '100') as bigint) as priority,
    campaigns.channel,
    cast(coalesce(first_waves.holdout_ratio, pivoted.holdout_ratio, '0') as decimal(9, 6)) as holdout_ratio,
    campaigns.goal_amount,
    cast(pivoted.daily_budget_amount as decimal(18, 2)) as daily_budget_amount,
    cast(pivoted.tier_amount as decimal(18, 2)) as tier_amount,
    cast(pivoted.tier_ratio as decimal(9, 6)) as tier_ratio,
    pivoted.tier_channel,
    cast(pivoted.trial_amount as decimal(18, 2)) as trial_amount,
    cast(pivoted.min_days as bigint) as min_days,
    cast(pivoted.max_days as bigint) as max_days,
    cast(pivoted.window_days as bigint) as window_days,
    cast(pivoted.quiet_days as bigint) as quiet_days,
    cast(pivoted.birthday_days as bigint) as birthday_days,
    cast(pivoted.silent_days as bigint) as silent_days,
    cast(pivoted.top_count as bigint) as top_count,
    cast(pivoted.minimum_buyers as bigint) as minimum_buyers,
    cast(pivoted.variant_ratio as decimal(9, 6)) as variant_ratio,
    coalesce(cast(pivoted.include_refunded as boolean), false) as is_refunded_included,
    pivoted.wave_one_campaign_id,
    pivoted.base_campaign_id,
    coalesce(pivoted.wave_one_campaign_id, campaigns.campaign_id) as experiment_id,
    pivoted.remark,
    pivoted.card_id,
    campaigns.parameters
from campaigns
left join pivoted on campaigns.campaign_id = pivoted.campaign_id
left join pivoted as first_waves on pivoted.wave_one_campaign_id = first_waves.campaign_id
