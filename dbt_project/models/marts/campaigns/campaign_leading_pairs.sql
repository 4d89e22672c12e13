-- One row per campaign, business day, product of the campaign and other product that leads among those bought with it.
-- Trap: counted in customers, over the purchases that stood when the campaign began, so the pairs of a campaign are the same on
-- all of its days; ids are compared across platforms. As many of the highest lift lead as the campaign takes, if `minimum_buyers`
-- bought them; where the plan names products, these alone, however rare.
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
        minimum_buyers,
        case template when 'associated_purchase' then top_count else 1 end as pair_count,
        campaign_id in (select campaign_values.campaign_id from campaign_values) as names_products
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
),

measured as (
    select
        pairs.*,
        due_campaigns.pair_count,
        due_campaigns.names_products,
        {{ ratio(
            'pairs.buyer_count * total_counts.buyer_count', 'product_counts.buyer_count * related_counts.buyer_count'
        ) }} as lift
    from pairs
    inner join due_campaigns on pairs.campaign_id = due_campaigns.campaign_id
    inner join total_counts on pairs.campaign_id = total_counts.campaign_id
    inner join buyer_counts as product_counts
        on pairs.campaign_id = product_counts.campaign_id and pairs.product_id = product_counts.product_id
    inner join buyer_counts as related_counts
        on pairs.campaign_id = related_counts.campaign_id and pairs.related_product_id = related_counts.product_id
    left join campaign_values
        on pairs.campaign_id = campaign_values.campaign_id and pairs.related_product_id = campaign_values.value
    where
        campaign_values.value is not null
        or (not due_campaigns.names_products and pairs.buyer_count >= due_campaigns.minimum_buyers)
),

ranked as (
    select
        *,
        row_number() over (
            partition by campaign_id, product_id
            order by lift desc, buyer_count desc, related_product_id asc
        ) as related_rank
    from measured
)

select
    ranked.campaign_id,
    campaign_product_days.as_of_date,
    ranked.product_id,
    ranked.related_product_id,
    cast(ranked.related_rank as bigint) as related_rank,
    cast(ranked.buyer_count as bigint) as buyer_count,
    ranked.lift
from ranked
inner join campaign_product_days
    on ranked.campaign_id = campaign_product_days.campaign_id and ranked.product_id = campaign_product_days.product_id
where ranked.names_products or ranked.related_rank <= ranked.pair_count
