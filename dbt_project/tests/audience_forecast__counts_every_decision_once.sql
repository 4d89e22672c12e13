-- The outcomes of a campaign's day sum to its decisions.
{{ config(meta={'dagster': {'ref': {'name': 'audience_forecast'}}}) }}

with forecast as (
    select
        campaign_id,
        as_of_date,
        sum(customer_count) as customer_count
    from {{ ref('audience_forecast') }}
    group by campaign_id, as_of_date
),

decisions as (
    select
        campaign_id,
        as_of_date,
        count(*) as customer_count
    from {{ ref('audience_decisions') }}
    group by campaign_id, as_of_date
)

select
    coalesce(forecast.campaign_id, decisions.campaign_id) as campaign_id,
    coalesce(forecast.as_of_date, decisions.as_of_date) as as_of_date,
    forecast.customer_count as forecast_count,
    decisions.customer_count as decision_count
from forecast
full join decisions
    on
        forecast.campaign_id = decisions.campaign_id
        and forecast.as_of_date = decisions.as_of_date
where coalesce(forecast.customer_count, 0) <> coalesce(decisions.customer_count, 0)
