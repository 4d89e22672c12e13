-- One row per campaign of the plan, its template's parameters typed and defaulted.
with campaigns as (
    select * from {{ ref('stg_generic__campaigns') }}
),

defaults as (
    select * from {{ ref('audience_parameters') }}
),

defaults_by_template as (
    select
        template,
        max(case when parameter = 'min_days' then default_value end) as min_days,
        max(case when parameter = 'max_days' then default_value end) as max_days,
        max(case when parameter = 'tier_amount' then default_value end) as tier_amount,
        max(case when parameter = 'holdout_ratio' then default_value end) as holdout_ratio,
        max(case when parameter = 'priority' then default_value end) as priority
    from defaults
    group by template
)

select
    campaigns.campaign_id,
    campaigns.template,
    campaigns.start_date,
    campaigns.end_date,
    cast(coalesce(campaigns.priority, defaults_by_template.priority, 100) as bigint) as priority,
    campaigns.channel,
    cast(coalesce(campaigns.holdout_ratio, defaults_by_template.holdout_ratio, 0) as decimal(9, 6)) as holdout_ratio,
    campaigns.goal_amount,
    cast(
        coalesce({{ json_text('campaigns.parameters', 'min_days') }}, cast(defaults_by_template.min_days as varchar))
        as bigint
    ) as min_days,
    cast(
        coalesce({{ json_text('campaigns.parameters', 'max_days') }}, cast(defaults_by_template.max_days as varchar))
        as bigint
    ) as max_days,
    cast(
        coalesce(
            {{ json_text('campaigns.parameters', 'tier_amount') }}, cast(defaults_by_template.tier_amount as varchar)
        ) as decimal(18, 2)
    ) as tier_amount,
    campaigns.parameters
from campaigns
left join defaults_by_template on campaigns.template = defaults_by_template.template
