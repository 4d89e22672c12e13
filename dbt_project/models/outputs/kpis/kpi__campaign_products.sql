-- One row per campaign and product it is about: customers who bought the product for the first time while the campaign ran.
-- Trap: a new buyer is new to the product, not to the brand, and counts for each product. The days before are as many as the
-- campaign has had so far; for a product launched since, nobody could buy then. What came of it is not its doing alone.
with campaigns as (
    select * from {{ ref('campaigns') }}
),

campaign_products as (
    select * from {{ ref('campaign_products') }}
),

customer_products as (
    select * from {{ ref('customer_products') }}
),

scoped_feeds as (
    select * from {{ ref('scoped_feeds') }}
    where feed = 'orders' and shop_id = 'all'
),

last_day as (
    {{ last_asked_day() }}
),

windows as (
    select
        campaign_products.campaign_id,
        campaign_products.platform,
        campaign_products.product_id,
        campaigns.template,
        campaigns.start_date,
        campaigns.end_date,
        campaigns.end_date > last_day.as_of_date as is_open,
        least(campaigns.end_date, last_day.as_of_date) as last_date,
        {{ days_between('campaigns.start_date', 'least(campaigns.end_date, last_day.as_of_date)') }} + 1 as elapsed_day_count
    from campaign_products
    inner join campaigns on campaign_products.campaign_id = campaigns.campaign_id
    cross join last_day
    where campaigns.start_date <= last_day.as_of_date
),

-- A product that the plan names by its id alone is one on all platforms: a customer is new to it once.
first_purchases as (
    select
        windows.campaign_id,
        windows.platform,
        windows.product_id,
        windows.start_date,
        min(customer_products.first_paid_date) as first_paid_date
    from windows
    inner join customer_products
        on
            windows.product_id = customer_products.product_id
            and coalesce(windows.platform, customer_products.platform) = customer_products.platform
    group by
        windows.campaign_id, windows.platform, windows.product_id, windows.start_date, windows.last_date,
        windows.elapsed_day_count, customer_products.customer_key
    having
        windows.last_date >= min(customer_products.first_paid_date)
        and {{ days_before('windows.start_date', 'windows.elapsed_day_count') }} <= min(customer_products.first_paid_date)
),

counted as (
    select
        campaign_id,
        platform,
        product_id,
        sum(case when first_paid_date >= start_date then 1 else 0 end) as new_buyer_count,
        sum(case when first_paid_date < start_date then 1 else 0 end) as new_buyer_count_before
    from first_purchases
    group by campaign_id, platform, product_id
),

-- Known of days of which a feed of orders tells.
told as (
    select
        windows.campaign_id,
        windows.platform,
        windows.product_id,
        coalesce(bool_or({{ holds_on('windows.start_date', 'scoped_feeds', 'begun_date', 'ended_date') }}), false) as is_told,
        coalesce(bool_or({{ holds_on(
            days_before('windows.start_date', 'windows.elapsed_day_count'), 'scoped_feeds', 'begun_date', 'ended_date'
        ) }}), false) as is_told_before
    from windows
    left join scoped_feeds on coalesce(windows.platform, 'all') = scoped_feeds.platform
    group by windows.campaign_id, windows.platform, windows.product_id
),

known as (
    select
        windows.*,
        told.is_told,
        told.is_told_before,
        case when told.is_told then coalesce(counted.new_buyer_count, 0) end as new_buyer_count,
        case when told.is_told_before then coalesce(counted.new_buyer_count_before, 0) end as new_buyer_count_before
    from windows
    inner join told
        on
            windows.campaign_id = told.campaign_id
            and windows.product_id = told.product_id
            and windows.platform is not distinct from told.platform
    left join counted
        on
            windows.campaign_id = counted.campaign_id
            and windows.product_id = counted.product_id
            and windows.platform is not distinct from counted.platform
)

select
    campaign_id,
    coalesce(platform, 'all') as platform,
    product_id,
    template,
    start_date,
    end_date,
    is_open,
    cast(elapsed_day_count as bigint) as elapsed_day_count,
    cast(new_buyer_count as bigint) as new_buyer_count,
    cast(new_buyer_count_before as bigint) as new_buyer_count_before,
    cast(new_buyer_count - new_buyer_count_before as bigint) as added_new_buyer_count,
    {{ ratio('new_buyer_count - new_buyer_count_before', 'new_buyer_count_before') }} as new_buyer_growth_ratio,
    {{ missing_feeds({
        'orders': 'not is_told', 'orders of the days before': 'is_told and not is_told_before'
    }) }} as missing_feeds
from known
