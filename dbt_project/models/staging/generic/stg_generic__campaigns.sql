-- One row per campaign of the plan, in its highest delivered version.
-- Trap: a template's own parameters are text in `parameters` (JSON); the mart gives them types and defaults.
{{ config(unique_key='campaign_id') }}

with latest as (
    {{ latest_delivered('generic', 'campaigns', key=['campaign_id']) }}
),

stg_generic__campaigns as (
    select
        latest.campaign_id,
        latest.template,
        latest.start_date,
        latest.end_date,
        latest.priority,
        latest.channel,
        latest.holdout_ratio,
        latest.goal_amount,
        latest.filter,
        latest.parameters,
        latest.versioned_at,
        latest.delivered_date,
        latest.content_hash,
        latest.line_number
    from latest
)

select * from stg_generic__campaigns
