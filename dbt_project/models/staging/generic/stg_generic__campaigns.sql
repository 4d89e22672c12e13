-- One row per campaign of the plan, in its highest delivered version.
-- Trap: a template's own parameters are text in `parameters` (JSON); the mart gives them types and defaults.
{{ config(unique_key='campaign_id') }}

with delivered as (
    {{ delivered('generic', 'campaigns') }}
),

latest as (
    {{ latest_versions(['campaign_id']) }}
),

stg_generic__campaigns as (
    select
        delivered.campaign_id,
        delivered.template,
        delivered.start_date,
        delivered.end_date,
        delivered.priority,
        delivered.channel,
        delivered.holdout_ratio,
        delivered.goal_amount,
        delivered.parameters,
        delivered.versioned_at,
        delivered.delivered_date,
        delivered.content_hash,
        delivered.line_number
    from delivered
    inner join latest
        on
            delivered.campaign_id = latest.campaign_id
            and delivered.content_hash = latest.content_hash
)

select * from stg_generic__campaigns
