-- One row per campaign, and below it per wave, and per wave, arm, tier and channel, for each response window.
-- Trap: choose one `scope` and one `window_days` and do not add rows: a person and an order count once in each. Response and
-- recall are of people delivered to, in [sent, sent + N × 24 h); buyers and redeemers of all touched, in N days from the
-- campaign's start.
with delivery as (
    select * from {{ ref('kpi__campaign_delivery') }}
),

touches as (
    select * from {{ ref('audience_touches') }}
),

touch_orders as (
    select * from {{ ref('touch_orders') }}
),

people as (
    select * from {{ ref('campaign_people') }}
),

costs as (
    select * from {{ ref('campaign_costs') }}
),

-- Whether the costs feed tells of the days of a campaign at all: where it does not, what it cost besides messages is unknown.
told_costs as (
    select max(cost_date) as last_date from {{ ref('costs_daily') }}
    where is_told and not is_of_sales
),

campaigns as (
    select * from {{ ref('campaigns') }}
),

windows as (
    select * from {{ ref('response_windows') }}
),

coupon_feed as (
    select min(begun_date) as begun_date from {{ ref('feeds') }}
    where feed = 'coupon_use'
),

scoped_feeds as (
    select * from {{ ref('scoped_feeds') }}
    where feed = 'orders' and platform = 'all'
),

told_cells as (
    select
        delivery.cell_key,
        count(scoped_feeds.feed) > 0 as has_orders
    from delivery
    left join scoped_feeds
        on
            delivery.as_of_date >= scoped_feeds.begun_date
            and delivery.campaign_start_date < coalesce(scoped_feeds.ended_date, cast('9999-12-31' as date))
    group by delivery.cell_key
),

cells as (
    select
        delivery.*,
        told_cells.has_orders,
        windows.window_days,
        {{ days_before('delivery.as_of_date', 'windows.window_days') }} as last_settled_date
    from delivery
    inner join told_cells on delivery.cell_key = told_cells.cell_key
    cross join windows
),

answered as (
    select
        touches.cell_key,
        touches.person_key,
        touch_orders.order_key,
        min(touch_orders.window_days) as window_days,
        max(case when touch_orders.is_recalled then 1 else 0 end) as is_recalled,
        min(touch_orders.paid_amount) as paid_amount,
        min(touch_orders.refunded_amount) as refunded_amount
    from touches
    inner join touch_orders
        on touches.touch_id = touch_orders.touch_id and touches.person_key = touch_orders.person_key
    group by touches.cell_key, touches.person_key, touch_orders.order_key
),

recalls as (
    select
        cell_key,
        count(distinct person_key) as recalled_count
    from answered
    where is_recalled = 1
    group by cell_key
),

responses as (
    select
        cells.cell_key,
        cells.window_days,
        count(distinct answered.person_key) as responded_count,
        count(distinct answered.order_key) as response_order_count,
        sum(answered.paid_amount) as paid_amount,
        sum(answered.refunded_amount) as refunded_amount
    from cells
    inner join answered on cells.cell_key = answered.cell_key and cells.window_days >= answered.window_days
    group by cells.cell_key, cells.window_days
),

touched as (
    select
        touches.cell_key,
        touches.person_key,
        min({{ days_between('people.campaign_start_date', 'people.bought_date') }}) as days_to_purchase,
        min({{ days_between('people.campaign_start_date', 'people.redeemed_date') }}) as days_to_redemption
    from touches
    inner join people on touches.campaign_id = people.campaign_id and touches.person_key = people.person_key
    where not touches.is_failed
    group by touches.cell_key, touches.person_key
),

conversions as (
    select
        cells.cell_key,
        cells.window_days,
        sum(case when touched.days_to_purchase < cells.window_days then 1 else 0 end) as buyer_count,
        sum(case when touched.days_to_redemption < cells.window_days then 1 else 0 end) as redeemer_count
    from cells
    inner join touched on cells.cell_key = touched.cell_key
    group by cells.cell_key, cells.window_days
),

costs_by_campaign as (
    select
        campaign_id,
        sum(case when cost_type = 'touch' then cost_amount end) as touch_cost_amount,
        sum(case when cost_type = 'coupon' then cost_amount else 0 end) as coupon_cost_amount,
        sum(case when cost_type <> 'touch' then cost_amount else 0 end) as other_cost_amount
    from costs
    group by campaign_id
),

-- What is booked for a campaign belongs to no single wave or cell. What no feed of orders tells of is unknown, not zero.
joined as (
    select
        cells.*,
        {%- for figure in ['recalls.recalled', 'responses.responded', 'responses.response_order', 'conversions.buyer'] %}
        case when cells.has_orders then cast(coalesce({{ figure }}_count, 0) as bigint) end
            as {{ figure.split('.')[1] }}_count,
        {%- endfor %}
        {%- for name, figure in {
            'paid': 'responses.paid_amount', 'refunded': 'responses.refunded_amount',
            'net': 'responses.paid_amount - responses.refunded_amount'
        }.items() %}
        case when cells.has_orders then cast(coalesce({{ figure }}, 0) as decimal(18, 2)) end as {{ name }}_amount,
        {%- endfor %}
        case when coupon_feed.begun_date <= cells.as_of_date then cast(coalesce(conversions.redeemer_count, 0) as bigint) end
            as redeemer_count,
        cast(coalesce(cells.message_cost_amount, costs_by_campaign.touch_cost_amount) as decimal(18, 2))
            as touch_cost_amount,
        {%- for cost in ['coupon', 'other'] %}
        cast(case
            when cells.scope <> 'campaign' then null
            when costs_by_campaign.campaign_id is not null then costs_by_campaign.{{ cost }}_cost_amount
            when told_costs.last_date >= cells.campaign_start_date then 0
        end as decimal(18, 2)) as {{ cost }}_cost_amount,
        {%- endfor %}
        campaigns.goal_amount
    from cells
    cross join coupon_feed
    cross join told_costs
    left join recalls on cells.cell_key = recalls.cell_key
    left join responses on cells.cell_key = responses.cell_key and cells.window_days = responses.window_days
    left join conversions on cells.cell_key = conversions.cell_key and cells.window_days = conversions.window_days
    left join costs_by_campaign on cells.scope = 'campaign' and cells.campaign_id = costs_by_campaign.campaign_id
    left join campaigns on cells.scope = 'campaign' and cells.campaign_id = campaigns.campaign_id
)

select
    scope,
    campaign_id,
    wave,
    arm,
    tier,
    channel,
    cast(window_days as bigint) as window_days,
    as_of_date,
    campaign_start_date,
    first_sent_at,
    last_sent_at,
    cast(last_sent_at as date) > last_settled_date
    or campaign_start_date > {{ days_after('last_settled_date', 1) }} as is_open,
    message_count,
    failed_message_count,
    segment_count,
    has_receipts,
    touched_count,
    delivered_count,
    delivered_ratio,
    recalled_count,
    {{ ratio('recalled_count', 'delivered_count') }} as recalled_ratio_24h,
    responded_count,
    {{ ratio('responded_count', 'delivered_count') }} as responded_ratio,
    response_order_count,
    paid_amount,
    refunded_amount,
    net_amount,
    touch_cost_amount,
    message_cost_per_segment,
    {{ ratio('net_amount', 'touch_cost_amount') }} as message_roi,
    coupon_cost_amount,
    {{ ratio('net_amount', 'touch_cost_amount + coupon_cost_amount') }} as touch_roi,
    other_cost_amount,
    touch_cost_amount + other_cost_amount as total_cost_amount,
    {{ ratio('net_amount', 'touch_cost_amount + other_cost_amount') }} as roi,
    buyer_count,
    {{ ratio('buyer_count', 'touched_count') }} as buyer_ratio,
    redeemer_count,
    {{ ratio('redeemer_count', 'touched_count') }} as redeemer_ratio,
    goal_amount,
    {{ ratio('net_amount', 'goal_amount') }} as goal_ratio,
    {{ missing_feeds({
        'orders': 'not has_orders',
        'costs': "touch_cost_amount is null or (scope = 'campaign' and other_cost_amount is null)",
        'coupon uses': 'redeemer_count is null',
        'goal': "scope = 'campaign' and goal_amount is null"
    }) }} as missing_feeds
from joined
