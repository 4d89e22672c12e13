-- One row per campaign, business day and customer who took a sample some days ago and never bought its full size.
-- Trap: samples are 0-yuan lines that are not valid sales: here they are the very base, so `is_valid` is not asked of them.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with due_days as (
    {{ due_days(days='int_campaign_days_fingerprinted') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
    where template = 'sample_to_full_size'
),

campaign_values as (
    select * from {{ ref('campaign_values') }}
),

campaign_products as (
    select * from {{ ref('campaign_products') }}
),

products as (
    select * from {{ ref('products') }}
),

-- Where they are read once more, it is without this import: one that is read twice is kept in memory whole, asked or not.
order_lines as (
    select * from {{ ref('order_lines') }}
),

customer_rfm_periods as (
    select * from {{ ref('customer_rfm_periods') }}
),

full_sizes as (
    select
        nullif(platform, 'generic') as platform,
        product_id,
        max(full_size_product_id) as full_size_product_id
    from products
    where full_size_product_id is not null
    group by platform, product_id
),

-- What a campaign names stands instead of the list's full sizes, on every platform.
named_full_sizes as (
    select
        campaign_id,
        value as product_id,
        count(*) over (partition by campaign_id) as named_count
    from campaign_values
    where parameter = 'full_size_product_ids'
),

campaign_full_sizes as (
    select
        campaign_id,
        cast(null as varchar) as platform,
        product_id
    from named_full_sizes

    union

    select
        campaign_products.campaign_id,
        full_sizes.platform,
        full_sizes.full_size_product_id as product_id
    from campaigns
    inner join campaign_products on campaigns.campaign_id = campaign_products.campaign_id
    inner join full_sizes
        on
            campaign_products.product_id = full_sizes.product_id
            and coalesce(campaign_products.platform = full_sizes.platform, true)
    where campaigns.campaign_id not in (select named_full_sizes.campaign_id from named_full_sizes)
),

sample_orders as (
    select
        campaigns.campaign_id,
        due_days.as_of_date,
        order_lines.customer_key,
        campaigns.template,
        campaigns.priority,
        campaigns.tier_amount,
        order_lines.platform,
        order_lines.order_id,
        order_lines.product_id,
        row_number() over (
            partition by campaigns.campaign_id, due_days.as_of_date, order_lines.customer_key
            order by order_lines.paid_at desc, order_lines.order_line_key desc
        ) as recency_rank
    from campaigns
    inner join due_days on due_days.as_of_date between campaigns.start_date and campaigns.end_date
    inner join campaign_products on campaigns.campaign_id = campaign_products.campaign_id
    inner join order_lines
        on
            campaign_products.product_id = order_lines.product_id
            and coalesce(campaign_products.platform = order_lines.platform, true)
            and order_lines.paid_date <= {{ days_before('due_days.as_of_date', 'campaigns.min_days') }}
            and order_lines.paid_date >= {{ days_before('due_days.as_of_date', 'campaigns.max_days') }}
    where order_lines.customer_key is not null
),

full_size_purchases as (
    select
        campaign_full_sizes.campaign_id,
        order_lines.customer_key,
        min(order_lines.paid_date) as first_paid_date
    from campaign_full_sizes
    inner join {{ ref('order_lines') }} as order_lines
        on
            campaign_full_sizes.product_id = order_lines.product_id
            and coalesce(campaign_full_sizes.platform = order_lines.platform, true)
    where order_lines.is_valid and order_lines.customer_key is not null
    group by campaign_full_sizes.campaign_id, order_lines.customer_key
)

select
    sample_orders.campaign_id,
    sample_orders.as_of_date,
    sample_orders.customer_key,
    sample_orders.template,
    {{ tier_of('sample_orders') }} as tier,
    'sample in order ' || sample_orders.order_id as reason,
    case
        when sample_orders.campaign_id in (select named_full_sizes.campaign_id from named_full_sizes)
            then coalesce(named.product_id, only_named.product_id)
        else coalesce(own_full_sizes.full_size_product_id, any_full_sizes.full_size_product_id)
    end as recommended_product_id,
    sample_orders.priority,
    cast(null as varchar) as segment,
    cast(null as varchar) as variant,
    cast(null as varchar) as channel,
    cast(null as varchar) as guide_id,
    sample_orders.order_id,
    cast(null as varchar) as remark,
    cast(null as decimal(9, 6)) as expected_response_ratio,
    cast(null as decimal(18, 2)) as expected_amount
from sample_orders
left join full_size_purchases
    on
        sample_orders.campaign_id = full_size_purchases.campaign_id
        and sample_orders.customer_key = full_size_purchases.customer_key
left join full_sizes as own_full_sizes
    on
        sample_orders.product_id = own_full_sizes.product_id
        and sample_orders.platform = own_full_sizes.platform
left join full_sizes as any_full_sizes
    on
        sample_orders.product_id = any_full_sizes.product_id
        and any_full_sizes.platform is null
left join named_full_sizes as named
    on
        sample_orders.campaign_id = named.campaign_id
        and named.product_id = coalesce(own_full_sizes.full_size_product_id, any_full_sizes.full_size_product_id)
left join named_full_sizes as only_named
    on
        sample_orders.campaign_id = only_named.campaign_id
        and only_named.named_count = 1
left join customer_rfm_periods on {{ figures_of('sample_orders') }}
where
    sample_orders.recency_rank = 1
    and (
        full_size_purchases.first_paid_date is null
        or full_size_purchases.first_paid_date > sample_orders.as_of_date
    )
