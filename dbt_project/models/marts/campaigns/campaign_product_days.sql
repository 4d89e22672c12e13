-- One row per campaign, business day and product of which the campaign asks what else its buyers bought.
-- Trap: these are the launched products; or, where newcomers of influencers are addressed, what any influencer sold them.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with due_days as (
    {{ due_days(days='int_campaign_days_fingerprinted') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
    where template in ('associated_purchase', 'influencer_newcomers')
),

campaign_products as (
    select * from {{ ref('campaign_products') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
    where is_valid and influencer_key is not null and customer_key is not null and product_id is not null
),

campaign_days as (
    select
        campaigns.campaign_id,
        campaigns.template,
        due_days.as_of_date,
        {{ days_before('due_days.as_of_date', 'campaigns.max_days') }} as first_date,
        {{ days_before('due_days.as_of_date', 'campaigns.min_days') }} as last_date
    from campaigns
    inner join due_days on due_days.as_of_date between campaigns.start_date and campaigns.end_date
),

window_of_all as (
    select
        min(first_date) as first_date,
        max(last_date) as last_date
    from campaign_days
    where template = 'influencer_newcomers'
    having count(*) > 0
),

influenced_products as (
    select
        order_lines.paid_date,
        order_lines.product_id
    from window_of_all
    inner join order_lines on order_lines.paid_date between window_of_all.first_date and window_of_all.last_date
    group by order_lines.paid_date, order_lines.product_id
)

select
    campaign_days.campaign_id,
    campaign_days.as_of_date,
    campaign_products.product_id
from campaign_days
inner join campaign_products on campaign_days.campaign_id = campaign_products.campaign_id
where campaign_days.template = 'associated_purchase'

union all

select
    campaign_days.campaign_id,
    campaign_days.as_of_date,
    influenced_products.product_id
from campaign_days
inner join influenced_products
    on influenced_products.paid_date between campaign_days.first_date and campaign_days.last_date
where campaign_days.template = 'influencer_newcomers'
group by campaign_days.campaign_id, campaign_days.as_of_date, influenced_products.product_id
