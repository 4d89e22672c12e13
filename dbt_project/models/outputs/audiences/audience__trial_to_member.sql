-- One row per campaign, business day and customer who took a trial lately and is to join, or, being a member, to join a group.
-- Trap: samples and free lines are no valid sales, yet here they are the base. What an order cost is asked of the whole of it: a
-- free line beside a dear one is no trial; gifts and postage are none at all.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with due_days as (
    {{ due_days(days='int_campaign_days_fingerprinted') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
    where template = 'trial_to_member'
),

campaign_products as (
    select * from {{ ref('campaign_products') }}
),

named_trials as (
    select campaign_id from campaign_products
    where is_named
),

-- Where they are read once more, it is without this import: one that is read twice is kept in memory whole, asked or not.
order_lines as (
    select * from {{ ref('order_lines') }}
    where customer_key is not null and order_kind not in ('gift', 'postage')
),

members as (
    select * from {{ ref('members') }}
),

group_memberships as (
    select * from {{ ref('group_memberships') }}
),

customer_rfm_periods as (
    select * from {{ ref('customer_rfm_periods') }}
),

campaign_days as (
    select
        campaigns.campaign_id,
        due_days.as_of_date,
        {{ days_before('due_days.as_of_date', 'campaigns.window_days') }} as first_date,
        -- Where the plan names the trial products nothing else is a trial, however little it cost.
        case
            when campaigns.campaign_id not in (select named_trials.campaign_id from named_trials)
                then campaigns.trial_amount
        end as trial_amount
    from campaigns
    inner join due_days on due_days.as_of_date between campaigns.start_date and campaigns.end_date
),

window_of_all as (
    select
        min(first_date) as first_date,
        max(as_of_date) as last_date
    from campaign_days
    having count(trial_amount) > 0
),

-- What was paid for an order on one day.
orders_paid as (
    select
        order_lines.order_key,
        order_lines.order_id,
        order_lines.customer_key,
        order_lines.paid_date,
        max(order_lines.paid_at) as paid_at,
        sum(order_lines.paid_amount) as paid_amount
    from window_of_all
    inner join order_lines on order_lines.paid_date between window_of_all.first_date and window_of_all.last_date
    group by order_lines.order_key, order_lines.order_id, order_lines.customer_key, order_lines.paid_date
),

trials as (
    select
        campaign_days.campaign_id,
        campaign_days.as_of_date,
        orders_paid.customer_key,
        orders_paid.order_key,
        orders_paid.order_id,
        orders_paid.paid_at
    from campaign_days
    inner join orders_paid
        on
            orders_paid.paid_date between campaign_days.first_date and campaign_days.as_of_date
            and campaign_days.trial_amount >= orders_paid.paid_amount

    union all

    select
        campaign_days.campaign_id,
        campaign_days.as_of_date,
        order_lines.customer_key,
        order_lines.order_key,
        order_lines.order_id,
        order_lines.paid_at
    from campaign_days
    inner join campaign_products on campaign_days.campaign_id = campaign_products.campaign_id
    inner join {{ ref('order_lines') }} as order_lines
        on
            campaign_products.product_id = order_lines.product_id
            and coalesce(campaign_products.platform = order_lines.platform, true)
            and order_lines.paid_date between campaign_days.first_date and campaign_days.as_of_date
    where order_lines.customer_key is not null and order_lines.order_kind not in ('gift', 'postage')
),

latest_trials as (
    select
        *,
        row_number() over (
            partition by campaign_id, as_of_date, customer_key
            order by paid_at desc, order_key desc
        ) as recency_rank
    from trials
),

triers as (
    select * from latest_trials
    where recency_rank = 1
),

trying_members as (
    select
        triers.as_of_date,
        triers.customer_key
    from triers
    inner join members
        on
            triers.customer_key = members.customer_key
            and {{ holds_on('triers.as_of_date', 'members', 'joined_date', 'left_date') }}
    group by triers.as_of_date, triers.customer_key
),

trying_group_members as (
    select
        triers.as_of_date,
        triers.customer_key
    from triers
    inner join group_memberships as stays
        on
            triers.customer_key = stays.customer_key
            and {{ holds_on('triers.as_of_date', 'stays', 'joined_date', 'left_date') }}
    group by triers.as_of_date, triers.customer_key
)

select
    triers.campaign_id,
    triers.as_of_date,
    triers.customer_key,
    campaigns.template,
    {{ tier_of('campaigns') }} as tier,
    'trial order ' || triers.order_id
    || case when trying_members.customer_key is null then ', not a member' else ', member in no group' end as reason,
    cast(null as varchar) as recommended_product_id,
    campaigns.priority,
    case when trying_members.customer_key is null then 'join' else 'join_group' end as segment,
    cast(null as varchar) as variant,
    cast(null as varchar) as channel,
    cast(null as varchar) as guide_id,
    triers.order_id,
    cast(null as varchar) as remark,
    cast(null as decimal(9, 6)) as expected_response_ratio,
    cast(null as decimal(18, 2)) as expected_amount
from triers
inner join campaigns on triers.campaign_id = campaigns.campaign_id
left join trying_members
    on
        triers.as_of_date = trying_members.as_of_date
        and triers.customer_key = trying_members.customer_key
left join trying_group_members
    on
        triers.as_of_date = trying_group_members.as_of_date
        and triers.customer_key = trying_group_members.customer_key
left join customer_rfm_periods on {{ figures_of('triers') }}
where trying_members.customer_key is null or trying_group_members.customer_key is null
