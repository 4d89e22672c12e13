-- One row per campaign, and below it per wave, cell, segment, influencer and guide, for each response window.
-- Trap: choose one `scope` and one `window_days` and do not add rows: a person and an order count once in each. Response and
-- recall are of people delivered to, in [sent, sent + N × 24 h); buyers and redeemers of all touched, in N days from the
-- campaign's start.
with delivery as (
    select * from {{ ref('kpi__campaign_delivery') }}
),

figures as (
    select * from {{ ref('response_figures') }}
),

costs as (
    select * from {{ ref('campaign_costs') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
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

-- What is booked for a campaign belongs to no single wave or cell.
joined as (
    select
        delivery.*,
        figures.window_days,
        figures.has_orders,
        figures.has_refunds,
        figures.recalled_count,
        figures.responded_count,
        figures.response_order_count,
        figures.paid_amount,
        figures.refunded_amount,
        figures.net_amount,
        figures.buyer_count,
        figures.redeemer_count,
        {{ days_before('delivery.as_of_date', 'figures.window_days') }} as last_settled_date,
        cast(coalesce(delivery.message_cost_amount, costs_by_campaign.touch_cost_amount) as decimal(18, 2))
            as touch_cost_amount,
        {%- for cost in ['coupon', 'other'] %}
        cast(case
            when delivery.scope <> 'campaign' then null
            when costs_by_campaign.campaign_id is not null then costs_by_campaign.{{ cost }}_cost_amount
            when figures.has_costs then 0
        end as decimal(18, 2)) as {{ cost }}_cost_amount,
        {%- endfor %}
        campaigns.goal_amount
    from delivery
    inner join figures on delivery.cell_key = figures.cell_key
    left join costs_by_campaign on delivery.scope = 'campaign' and delivery.campaign_id = costs_by_campaign.campaign_id
    left join campaigns on delivery.scope = 'campaign' and delivery.campaign_id = campaigns.campaign_id
)

select
    scope,
    campaign_id,
    wave,
    arm,
    tier,
    channel,
    part,
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
