-- One row per campaign, business day and member who lately bought something like a product of the campaign, or carted it.
-- Trap: like a product is the product itself and whatever the product list has in its category; a purchase that was given back
-- shows no liking.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with due_days as (
    {{ due_days(days='int_campaign_days_fingerprinted') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
    where template = 'member_priority'
),

campaign_products as (
    select * from {{ ref('campaign_products') }}
),

campaign_values as (
    select * from {{ ref('campaign_values') }}
    where parameter = 'member_levels'
),

products as (
    select * from {{ ref('products') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

engagements as (
    select * from {{ ref('engagements') }}
),

members as (
    select * from {{ ref('members') }}
),

membership_levels as (
    select * from {{ ref('membership_levels') }}
),

customer_rfm_periods as (
    select * from {{ ref('customer_rfm_periods') }}
),

campaign_days as (
    select
        campaigns.campaign_id,
        due_days.as_of_date,
        {{ days_before('due_days.as_of_date', 'campaigns.window_days') }} as first_date,
        {{ days_before('due_days.as_of_date', 'campaigns.min_days') }} as last_joined_date
    from campaigns
    inner join due_days on due_days.as_of_date between campaigns.start_date and campaigns.end_date
),

similar_products as (
    select
        campaigns.campaign_id,
        campaign_products.product_id,
        campaign_products.platform as similar_platform,
        campaign_products.product_id as similar_product_id
    from campaigns
    inner join campaign_products on campaigns.campaign_id = campaign_products.campaign_id

    union

    select
        campaigns.campaign_id,
        campaign_products.product_id,
        nullif(relatives.platform, 'generic') as similar_platform,
        relatives.product_id as similar_product_id
    from campaigns
    inner join campaign_products on campaigns.campaign_id = campaign_products.campaign_id
    inner join products on campaign_products.product_id = products.product_id
    inner join products as relatives on products.category = relatives.category
),

-- Who may be asked at all comes first: most buyers are no members.
memberships as (
    select
        campaign_days.campaign_id,
        campaign_days.as_of_date,
        campaign_days.first_date,
        members.customer_key,
        membership_levels.member_level,
        members.joined_date,
        row_number() over (
            partition by campaign_days.campaign_id, campaign_days.as_of_date, members.customer_key
            order by members.joined_at asc, members.membership_key asc
        ) as tenure_rank
    from campaign_days
    inner join members
        on
            campaign_days.last_joined_date >= members.joined_date
            and {{ holds_on('campaign_days.as_of_date', 'members', 'joined_date', 'left_date') }}
    left join membership_levels
        on
            members.membership_key = membership_levels.membership_key
            and {{ holds_on('campaign_days.as_of_date', 'membership_levels') }}
    left join campaign_values as levels
        on
            campaign_days.campaign_id = levels.campaign_id
            and membership_levels.member_level = levels.value
    where
        levels.value is not null
        or campaign_days.campaign_id not in (select campaign_values.campaign_id from campaign_values)
),

eldest_memberships as (
    select * from memberships
    where tenure_rank = 1
),

likings as (
    select
        eldest_memberships.campaign_id,
        eldest_memberships.as_of_date,
        order_lines.customer_key,
        similar_products.product_id,
        max(order_lines.paid_date) as liked_date,
        'bought ' || order_lines.product_id as liking
    from eldest_memberships
    inner join similar_products on eldest_memberships.campaign_id = similar_products.campaign_id
    inner join order_lines
        on
            eldest_memberships.customer_key = order_lines.customer_key
            and similar_products.similar_product_id = order_lines.product_id
            and coalesce(similar_products.similar_platform = order_lines.platform, true)
            and eldest_memberships.first_date <= order_lines.paid_date
            and {{ stands_on('eldest_memberships.as_of_date', 'order_lines') }}
    where order_lines.is_valid
    group by
        eldest_memberships.campaign_id,
        eldest_memberships.as_of_date,
        order_lines.customer_key,
        similar_products.product_id,
        order_lines.product_id

    union all

    select
        eldest_memberships.campaign_id,
        eldest_memberships.as_of_date,
        engagements.customer_key,
        similar_products.product_id,
        max(engagements.occurred_date) as liked_date,
        'put ' || engagements.object_id || ' into the cart' as liking
    from eldest_memberships
    inner join similar_products on eldest_memberships.campaign_id = similar_products.campaign_id
    inner join engagements
        on
            eldest_memberships.customer_key = engagements.customer_key
            and similar_products.similar_product_id = engagements.object_id
            and coalesce(similar_products.similar_platform = engagements.platform, true)
            and engagements.occurred_date between eldest_memberships.first_date and eldest_memberships.as_of_date
    where engagements.event_type = 'cart'
    group by
        eldest_memberships.campaign_id,
        eldest_memberships.as_of_date,
        engagements.customer_key,
        similar_products.product_id,
        engagements.object_id
),

ranked_likings as (
    select
        *,
        row_number() over (
            partition by campaign_id, as_of_date, customer_key
            order by liked_date desc, liking asc, product_id asc
        ) as recency_rank
    from likings
),

latest_likings as (
    select * from ranked_likings
    where recency_rank = 1
)

select
    likings.campaign_id,
    likings.as_of_date,
    likings.customer_key,
    campaigns.template,
    {{ tier_of('campaigns') }} as tier,
    'member since ' || cast(eldest_memberships.joined_date as varchar) || ' ' || likings.liking
    || ' on ' || cast(likings.liked_date as varchar) as reason,
    likings.product_id as recommended_product_id,
    campaigns.priority,
    eldest_memberships.member_level as segment,
    cast(null as varchar) as variant,
    cast(null as varchar) as channel,
    cast(null as varchar) as guide_id,
    cast(null as varchar) as order_id,
    cast(null as varchar) as remark,
    cast(null as decimal(9, 6)) as expected_response_ratio,
    cast(null as decimal(18, 2)) as expected_amount
from latest_likings as likings
inner join campaigns on likings.campaign_id = campaigns.campaign_id
inner join eldest_memberships
    on
        likings.campaign_id = eldest_memberships.campaign_id
        and likings.as_of_date = eldest_memberships.as_of_date
        and likings.customer_key = eldest_memberships.customer_key
left join customer_rfm_periods on {{ figures_of('likings') }}
