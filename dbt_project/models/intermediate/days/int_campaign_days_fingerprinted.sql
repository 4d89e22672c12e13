-- One row per business day that was asked for, with the fingerprint of all that its campaigns read.
-- Trap: a campaign concerns the days on which it runs, and products the days on which any does; a day without a campaign has the
-- fingerprint of its events alone.
with days as (
    select * from {{ ref('int_days_fingerprinted') }}
),

campaigns as (
    select * from {{ ref('stg_generic__campaigns') }}
),

products as (
    select * from {{ ref('stg_generic__products') }}
),

campaigns_by_day as (
    select
        days.as_of_date,
        {{ rows_fingerprint([
            'campaigns.campaign_id', 'campaigns.template', 'campaigns.start_date', 'campaigns.end_date', 'campaigns.priority',
            'campaigns.channel', 'campaigns.holdout_ratio', 'campaigns.parameters'
        ]) }} as fingerprint
    from days
    inner join campaigns on days.as_of_date between campaigns.start_date and campaigns.end_date
    group by days.as_of_date
),

all_products as (
    select
        coalesce({{ rows_fingerprint([
            'platform', 'product_id', 'product_name', 'product_role', 'full_size_product_id'
        ]) }}, 0) as fingerprint
    from products
),

int_campaign_days_fingerprinted as (
    select
        days.as_of_date,
        days.fingerprint
        || coalesce('+' || cast(campaigns_by_day.fingerprint + all_products.fingerprint as varchar), '') as fingerprint
    from days
    left join campaigns_by_day on days.as_of_date = campaigns_by_day.as_of_date
    cross join all_products
)

select * from int_campaign_days_fingerprinted
