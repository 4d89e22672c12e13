-- One row per campaign, business day being built and candidate who merged while the experiment runs, over all its waves.
-- Trap: all accounts of a merged person are drawn, and the least draw counts: the strictest. Where the highest is not in the
-- control group, somebody in it may have been written to before.
{{ config(materialized='ephemeral') }}

with audience_routes as (
    select * from {{ ref('audience_routes') }}
),

merged_accounts as (
    select * from {{ ref('int_customers_merged') }}
)

select
    audience_routes.campaign_id,
    audience_routes.as_of_date,
    audience_routes.customer_key,
    min({{ arm_draw('audience_routes.experiment_id', 'merged_accounts.account_key') }}) as least_draw,
    max({{ arm_draw('audience_routes.experiment_id', 'merged_accounts.account_key') }}) as highest_draw
from audience_routes
inner join merged_accounts
    on
        audience_routes.customer_key = merged_accounts.customer_key
        and merged_accounts.merged_date between audience_routes.experiment_start_date and audience_routes.as_of_date
group by audience_routes.campaign_id, audience_routes.as_of_date, audience_routes.customer_key
