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

costs_daily as (
    select * from {{ ref('costs_daily') }}
    where is_told and not is_of_sales
),

campaigns as (
    select * from {{ ref('campaigns') }}
),

windows as (
    select * from {{ ref('response_windows') }}
),

feeds as (
    select * from {{ ref('feeds') }}
    where feed = 'coupon_use'
),

scoped_feeds as (
    select * from {{ ref('scoped_feeds') }}
    where feed in ('orders', 'refunds') and platform = 'all'
),

told_costs as (
    select
        'costs' as feed,
        cost_date as told_date
    from costs_daily
),

-- Which feeds tell of which days: that of costs, which is known by what was booked alone, up to its last day.
told as (
    select
        feed,
        begun_date,
        ended_date
    from scoped_feeds
    union all
    select
        feed,
        begun_date,
        ended_date
    from feeds
    union all
    select
        cost_feeds.feed,
        cost_feeds.begun_date,
        {{ days_after('cost_feeds.last_date', 1) }} as ended_date
    from ({{ feed_stretches('told_costs', ['feed']) }}) as cost_feeds
),

-- Whether they tell of the days of a campaign at all: where they do not, what they would tell is unknown, not zero.
told_cells as (
    select
        delivery.cell_key,
        coalesce(bool_or(told.feed = 'orders'), false) as has_orders,
        coalesce(bool_or(told.feed = 'refunds'), false) as has_refunds,
        coalesce(bool_or(told.feed = 'coupon_use'), false) as has_coupons,
        coalesce(bool_or(told.feed = 'costs'), false) as has_costs
    from delivery
    left join campaigns on delivery.campaign_id = campaigns.campaign_id
    left join told
        on
            least(delivery.as_of_date, campaigns.end_date) >= told.begun_date
            and delivery.campaign_start_date < coalesce(told.ended_date, cast('9999-12-31' as date))
    group by delivery.cell_key
),

cells as (
    select
        delivery.*,
        told_cells.has_orders,
        told_cells.has_refunds,
        told_cells.has_coupons,
        told_cells.has_costs,
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
        case when cells.has_coupons then cast(coalesce(conversions.redeemer_count, 0) as bigint) end
            as redeemer_count,
        cast(coalesce(cells.message_cost_amount, costs_by_campaign.touch_cost_amount) as decimal(18, 2))
            as touch_cost_amount,
        {%- for cost in ['coupon', 'other'] %}
        cast(case
            when cells.scope <> 'campaign' then null
            when costs_by_campaign.campaign_id is not null then costs_by_campaign.{{ cost }}_cost_amount
            when cells.has_costs then 0
        end as decimal(18, 2)) as {{ cost }}_cost_amount,
        {%- endfor %}
        campaigns.goal_amount
    from cells
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
    {{ known_refunds('refunded_amount', 'has_refunds') }} as refunded_amount,
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
        'refunds': 'not has_refunds',
        'costs': "touch_cost_amount is null or (scope = 'campaign' and other_cost_amount is null)",
        'coupon uses': 'redeemer_count is null',
        'goal': "scope = 'campaign' and goal_amount is null"
    }) }} as missing_feeds
from joined
