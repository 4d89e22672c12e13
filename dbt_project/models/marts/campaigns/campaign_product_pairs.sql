-- One row per campaign, business day, product of the campaign and other product, with the customers who had bought both.
-- Trap: counted in customers, over the purchases that stood when the campaign began, so the pairs of a campaign are the same on
-- all of its days; ids are compared across platforms. Pairs below `minimum_buyers` are here only where the plan names products.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with due_days as (
    {{ due_days(days='int_campaign_days_fingerprinted') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
),

campaign_values as (
    select * from {{ ref('campaign_values') }}
    where parameter = 'related_product_ids'
),

campaign_product_days as (
    select * from {{ ref('campaign_product_days') }}
    where as_of_date in (select due_days.as_of_date from due_days)
),

customer_products as (
    select * from {{ ref('customer_products') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
    where is_valid and customer_key is not null and product_id is not null
),

due_products as (
    select
        campaign_id,
        product_id
    from campaign_product_days
    group by campaign_id, product_id
),

due_campaigns as (
    select
        campaign_id,
        start_date,
        case
            when campaign_id in (select campaign_values.campaign_id from campaign_values) then 1
            else minimum_buyers
        end as minimum_buyers
    from campaigns
    where campaign_id in (select due_products.campaign_id from due_products)
),

-- What stands today and was bought before the start, and what was refunded only since.
bought as (
    select
        due_campaigns.campaign_id,
        customer_products.customer_key,
        customer_products.product_id
    from due_campaigns
    inner join customer_products on due_campaigns.start_date > customer_products.first_paid_date
    group by due_campaigns.campaign_id, customer_products.customer_key, customer_products.product_id

    union all

    select
        due_campaigns.campaign_id,
        order_lines.customer_key,
        order_lines.product_id
    from due_campaigns
    inner join order_lines
        on
            due_campaigns.start_date > order_lines.paid_date
            and due_campaigns.start_date <= order_lines.fully_refunded_date
    left join customer_products
        on
            order_lines.customer_key = customer_products.customer_key
            and order_lines.product_id = customer_products.product_id
            and due_campaigns.start_date > customer_products.first_paid_date
    where customer_products.customer_key is null
    group by due_campaigns.campaign_id, order_lines.customer_key, order_lines.product_id
),

buyer_counts as (
    select
        campaign_id,
        product_id,
        count(*) as buyer_count
    from bought
    group by campaign_id, product_id
),

total_counts as (
    select
        campaign_id,
        count(distinct customer_key) as buyer_count
    from bought
    group by campaign_id
),

pairs as (
    select
        bought.campaign_id,
        bought.product_id,
        others.product_id as related_product_id,
        count(*) as buyer_count
    from due_products
    inner join bought
        on
            due_products.campaign_id = bought.campaign_id
            and due_products.product_id = bought.product_id
    inner join bought as others
        on
            bought.campaign_id = others.campaign_id
            and bought.customer_key = others.customer_key
            and bought.product_id <> others.product_id
    group by bought.campaign_id, bought.product_id, others.product_id
)

select
    campaign_product_days.campaign_id,
    campaign_product_days.as_of_date,
    campaign_product_days.product_id,
    pairs.related_product_id,
    cast(pairs.buyer_count as bigint) as buyer_count,
    cast(product_counts.buyer_count as bigint) as product_buyer_count,
    cast(related_counts.buyer_count as bigint) as related_product_buyer_count,
    cast(total_counts.buyer_count as bigint) as total_buyer_count
from campaign_product_days
inner join due_campaigns on campaign_product_days.campaign_id = due_campaigns.campaign_id
inner join pairs
    on
        campaign_product_days.campaign_id = pairs.campaign_id
        and campaign_product_days.product_id = pairs.product_id
        and due_campaigns.minimum_buyers <= pairs.buyer_count
inner join buyer_counts as product_counts
    on
        pairs.campaign_id = product_counts.campaign_id
        and pairs.product_id = product_counts.product_id
inner join buyer_counts as related_counts
    on
        pairs.campaign_id = related_counts.campaign_id
        and pairs.related_product_id = related_counts.product_id
inner join total_counts on pairs.campaign_id = total_counts.campaign_id
