-- One row per campaign, business day and customer whose first order in a shop came by an influencer some days ago.
-- Trap: own accounts are no influencers; a first order that was given back makes nobody a newcomer. First means first in the
-- history that was delivered.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with due_days as (
    {{ due_days(days='int_campaign_days_fingerprinted') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
    where template = 'influencer_newcomers'
),

campaign_values as (
    select * from {{ ref('campaign_values') }}
    where parameter = 'influencer_ids'
),

campaign_related_products as (
    select * from {{ ref('campaign_related_products') }}
    where related_rank = 1 and {{ is_in_block('as_of_date') }}
),

influencers as (
    select * from {{ ref('influencers') }}
    where not is_own_account
),

-- Where they are read once more, it is without this import: one that is read twice is kept in memory whole, asked or not.
order_lines as (
    select * from {{ ref('order_lines') }}
    where is_valid and customer_key is not null
),

customer_rfm_periods as (
    select * from {{ ref('customer_rfm_periods') }}
),

campaign_days as (
    select
        campaigns.campaign_id,
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
    having count(*) > 0
),

influenced_lines as (
    select
        order_lines.order_line_key,
        order_lines.customer_key,
        order_lines.platform,
        order_lines.shop_id,
        order_lines.order_id,
        order_lines.product_id,
        order_lines.paid_at,
        order_lines.paid_date,
        order_lines.fully_refunded_date,
        influencers.influencer_key,
        influencers.influencer_id
    from window_of_all
    inner join order_lines on order_lines.paid_date between window_of_all.first_date and window_of_all.last_date
    inner join influencers on order_lines.influencer_key = influencers.influencer_key
),

influenced_people as (
    select
        customer_key,
        platform,
        shop_id
    from influenced_lines
    group by customer_key, platform, shop_id
),

first_purchases as (
    select
        order_lines.customer_key,
        order_lines.platform,
        order_lines.shop_id,
        min(order_lines.paid_at) as paid_at
    from influenced_people
    inner join {{ ref('order_lines') }} as order_lines
        on
            influenced_people.customer_key = order_lines.customer_key
            and influenced_people.platform = order_lines.platform
            and influenced_people.shop_id = order_lines.shop_id
    where order_lines.is_valid
    group by order_lines.customer_key, order_lines.platform, order_lines.shop_id
),

newcomers as (
    select
        campaign_days.campaign_id,
        campaign_days.as_of_date,
        influenced_lines.*
    from campaign_days
    inner join influenced_lines
        on
            influenced_lines.paid_date between campaign_days.first_date and campaign_days.last_date
            and {{ stands_on('campaign_days.as_of_date', 'influenced_lines') }}
    inner join first_purchases
        on
            influenced_lines.customer_key = first_purchases.customer_key
            and influenced_lines.platform = first_purchases.platform
            and influenced_lines.shop_id = first_purchases.shop_id
            and influenced_lines.paid_at = first_purchases.paid_at
),

ranked_influencers as (
    select
        campaign_id,
        as_of_date,
        influencer_key,
        row_number() over (
            partition by campaign_id, as_of_date
            order by count(distinct customer_key) desc, influencer_id asc, influencer_key asc
        ) as newcomer_rank
    from newcomers
    group by campaign_id, as_of_date, influencer_key, influencer_id
),

-- The plan names the influencers; a plan that names none means those who brought most.
chosen as (
    select
        newcomers.*,
        row_number() over (
            partition by newcomers.campaign_id, newcomers.as_of_date, newcomers.customer_key
            order by newcomers.paid_at desc, newcomers.order_line_key desc
        ) as recency_rank
    from newcomers
    inner join campaigns on newcomers.campaign_id = campaigns.campaign_id
    inner join ranked_influencers
        on
            newcomers.campaign_id = ranked_influencers.campaign_id
            and newcomers.as_of_date = ranked_influencers.as_of_date
            and newcomers.influencer_key = ranked_influencers.influencer_key
    left join campaign_values
        on
            newcomers.campaign_id = campaign_values.campaign_id
            and newcomers.influencer_id = campaign_values.value
    where
        campaign_values.campaign_id is not null
        or (
            ranked_influencers.newcomer_rank <= campaigns.top_count
            and newcomers.campaign_id not in (select named.campaign_id from campaign_values as named)
        )
)

select
    chosen.campaign_id,
    chosen.as_of_date,
    chosen.customer_key,
    campaigns.template,
    {{ tier_of('campaigns') }} as tier,
    'first order ' || chosen.order_id || ' came by influencer ' || chosen.influencer_id as reason,
    related.related_product_id as recommended_product_id,
    campaigns.priority,
    chosen.influencer_id as segment,
    cast(null as varchar) as variant,
    cast(null as varchar) as channel,
    cast(null as varchar) as guide_id,
    chosen.order_id,
    cast(null as varchar) as remark,
    cast(null as decimal(9, 6)) as expected_response_ratio,
    cast(null as decimal(18, 2)) as expected_amount
from chosen
inner join campaigns on chosen.campaign_id = campaigns.campaign_id
left join campaign_related_products as related
    on
        chosen.campaign_id = related.campaign_id
        and chosen.as_of_date = related.as_of_date
        and chosen.product_id = related.product_id
left join customer_rfm_periods on {{ figures_of('chosen') }}
where chosen.recency_rank = 1
