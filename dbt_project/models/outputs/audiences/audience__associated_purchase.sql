-- One row per campaign, business day and customer who bought a related product lately and never the one that is launched.
-- Trap: a related product that was given back does not count, while a launched one that was given back does: its buyer knows it.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with due_days as (
    {{ due_days(days='int_campaign_days_fingerprinted') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
    where template = 'associated_purchase'
),

campaign_products as (
    select * from {{ ref('campaign_products') }}
),

campaign_related_products as (
    select * from {{ ref('campaign_related_products') }}
    where {{ is_in_block('as_of_date') }}
),

-- Where they are read once more, it is without this import: one that is read twice is kept in memory whole, asked or not.
order_lines as (
    select * from {{ ref('order_lines') }}
    where is_valid and customer_key is not null
),

customer_rfm_periods as (
    select * from {{ ref('customer_rfm_periods') }}
),

related_purchases as (
    select
        campaigns.campaign_id,
        due_days.as_of_date,
        related.product_id,
        related.related_product_id,
        related.related_rank,
        order_lines.customer_key,
        max(order_lines.paid_date) as paid_date
    from campaigns
    inner join due_days on due_days.as_of_date between campaigns.start_date and campaigns.end_date
    inner join campaign_related_products as related
        on
            campaigns.campaign_id = related.campaign_id
            and due_days.as_of_date = related.as_of_date
    inner join order_lines
        on
            related.related_product_id = order_lines.product_id
            and {{ days_before('due_days.as_of_date', 'campaigns.window_days') }} <= order_lines.paid_date
            and {{ stands_on('due_days.as_of_date', 'order_lines') }}
    group by
        campaigns.campaign_id,
        due_days.as_of_date,
        related.product_id,
        related.related_product_id,
        related.related_rank,
        order_lines.customer_key
),

launched_purchases as (
    select
        campaign_products.campaign_id,
        campaign_products.product_id,
        order_lines.customer_key,
        min(order_lines.paid_date) as first_paid_date
    from campaigns
    inner join campaign_products on campaigns.campaign_id = campaign_products.campaign_id
    inner join {{ ref('order_lines') }} as order_lines on campaign_products.product_id = order_lines.product_id
    where order_lines.is_valid and order_lines.customer_key is not null
    group by campaign_products.campaign_id, campaign_products.product_id, order_lines.customer_key
),

ranked as (
    select
        related_purchases.*,
        row_number() over (
            partition by related_purchases.campaign_id, related_purchases.as_of_date, related_purchases.customer_key
            order by
                related_purchases.related_rank asc,
                related_purchases.paid_date desc,
                related_purchases.product_id asc,
                related_purchases.related_product_id asc
        ) as relation_rank
    from related_purchases
    left join launched_purchases
        on
            related_purchases.campaign_id = launched_purchases.campaign_id
            and related_purchases.product_id = launched_purchases.product_id
            and related_purchases.customer_key = launched_purchases.customer_key
            and related_purchases.as_of_date >= launched_purchases.first_paid_date
    where launched_purchases.customer_key is null
),

valued as (
    select
        ranked.*,
        rank() over (
            partition by ranked.campaign_id, ranked.as_of_date order by coalesce(customer_rfm_periods.net_amount, 0) desc
        ) as amount_rank,
        count(*) over (partition by ranked.campaign_id, ranked.as_of_date) as candidate_count
    from ranked
    left join customer_rfm_periods on {{ figures_of('ranked') }}
    where ranked.relation_rank = 1
)

-- The tier is high down to the amount with which the share is reached; whoever has that very amount is high, too.
select
    valued.campaign_id,
    valued.as_of_date,
    valued.customer_key,
    campaigns.template,
    case when valued.amount_rank < 1 + campaigns.tier_ratio * valued.candidate_count then 'high' else 'standard' end as tier,
    'bought related product ' || valued.related_product_id || ' on ' || cast(valued.paid_date as varchar) as reason,
    valued.product_id as recommended_product_id,
    campaigns.priority,
    valued.related_product_id as segment,
    cast(null as varchar) as variant,
    cast(null as varchar) as channel,
    cast(null as varchar) as guide_id,
    cast(null as varchar) as order_id,
    cast(null as varchar) as remark,
    cast(null as decimal(9, 6)) as expected_response_ratio,
    cast(null as decimal(18, 2)) as expected_amount
from valued
inner join campaigns on valued.campaign_id = campaigns.campaign_id
