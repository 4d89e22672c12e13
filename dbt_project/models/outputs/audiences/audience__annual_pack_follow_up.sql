-- One row per campaign, business day and customer who bought a pack a given number of days ago, or of high value without one.
-- Trap: who never bought a pack is offered one when the campaign begins, and so many days after it: not on every day.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with due_days as (
    {{ due_days(days='int_campaign_days_fingerprinted') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
    where template = 'annual_pack_follow_up'
),

campaign_values as (
    select * from {{ ref('campaign_values') }}
    where parameter = 'follow_up_days'
),

campaign_products as (
    select * from {{ ref('campaign_products') }}
),

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
        campaigns.start_date
    from campaigns
    inner join due_days on due_days.as_of_date between campaigns.start_date and campaigns.end_date
),

follow_ups as (
    select
        campaign_days.campaign_id,
        campaign_days.as_of_date,
        campaign_days.start_date,
        campaign_values.value as day_count,
        {{ days_before('campaign_days.as_of_date', 'campaign_values.value') }} as followed_date
    from campaign_days
    inner join campaign_values on campaign_days.campaign_id = campaign_values.campaign_id
),

offer_days as (
    select
        campaign_id,
        as_of_date
    from campaign_days
    where as_of_date = start_date

    union

    select
        campaign_id,
        as_of_date
    from follow_ups
    where followed_date = start_date
),

pack_purchases as (
    select
        campaigns.campaign_id,
        order_lines.order_line_key,
        order_lines.order_id,
        order_lines.customer_key,
        order_lines.product_id,
        order_lines.paid_date,
        order_lines.fully_refunded_date
    from campaigns
    inner join campaign_products on campaigns.campaign_id = campaign_products.campaign_id
    inner join order_lines
        on
            campaign_products.product_id = order_lines.product_id
            and coalesce(campaign_products.platform = order_lines.platform, true)
),

first_packs as (
    select
        campaign_id,
        customer_key,
        min(paid_date) as first_paid_date
    from pack_purchases
    group by campaign_id, customer_key
),

-- Which pack to offer is clear where there is one.
offered_packs as (
    select
        campaign_id,
        case when min(product_id) = max(product_id) then min(product_id) end as product_id
    from campaign_products
    group by campaign_id
),

followed_buyers as (
    select
        follow_ups.campaign_id,
        follow_ups.as_of_date,
        packs.customer_key,
        packs.order_id,
        'bought pack ' || packs.product_id || ' on ' || cast(packs.paid_date as varchar) as reason,
        'follow_up_' || follow_ups.day_count as segment,
        row_number() over (
            partition by follow_ups.campaign_id, follow_ups.as_of_date, packs.customer_key
            order by packs.paid_date desc, packs.order_line_key desc
        ) as recency_rank
    from follow_ups
    inner join pack_purchases as packs
        on
            follow_ups.campaign_id = packs.campaign_id
            and follow_ups.followed_date = packs.paid_date
            and {{ stands_on('follow_ups.as_of_date', 'packs') }}
),

addressed as (
    select
        campaign_id,
        as_of_date,
        customer_key,
        order_id,
        reason,
        segment,
        cast(null as varchar) as recommended_product_id
    from followed_buyers
    where recency_rank = 1

    union all

    select
        offer_days.campaign_id,
        offer_days.as_of_date,
        customer_rfm_periods.customer_key,
        cast(null as varchar) as order_id,
        'net amount of 365 days is ' || cast(customer_rfm_periods.net_amount as varchar) || ', no pack bought' as reason,
        'offer' as segment,
        offered_packs.product_id as recommended_product_id
    from offer_days
    inner join campaigns on offer_days.campaign_id = campaigns.campaign_id
    inner join offered_packs on offer_days.campaign_id = offered_packs.campaign_id
    inner join customer_rfm_periods
        on
            offer_days.as_of_date >= customer_rfm_periods.valid_from
            and offer_days.as_of_date < customer_rfm_periods.valid_to
            and campaigns.tier_amount <= customer_rfm_periods.net_amount
    left join first_packs
        on
            offer_days.campaign_id = first_packs.campaign_id
            and customer_rfm_periods.customer_key = first_packs.customer_key
            and offer_days.as_of_date >= first_packs.first_paid_date
    where first_packs.customer_key is null
)

select
    addressed.campaign_id,
    addressed.as_of_date,
    addressed.customer_key,
    campaigns.template,
    {{ tier_of('campaigns') }} as tier,
    addressed.reason,
    addressed.recommended_product_id,
    campaigns.priority,
    addressed.segment,
    cast(null as varchar) as variant,
    cast(null as varchar) as channel,
    cast(null as varchar) as guide_id,
    addressed.order_id,
    cast(null as varchar) as remark,
    cast(null as decimal(9, 6)) as expected_response_ratio,
    cast(null as decimal(18, 2)) as expected_amount
from addressed
inner join campaigns on addressed.campaign_id = campaigns.campaign_id
left join customer_rfm_periods on {{ figures_of('addressed') }}
