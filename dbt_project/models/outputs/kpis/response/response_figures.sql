-- One row per row of `kpi__campaign_delivery` and response window: who answered, bought and redeemed, and what the answers paid.
-- Trap: an order answers once, at its first message within the window; a recall is one whatever the window. Who bought or
-- redeemed counts from the start of the campaign, and whether a message arrived or not.
{{ config(materialized='ephemeral') }}

with cells as (
    select * from {{ ref('response_cells') }}
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
)

-- What no feed of orders tells of is unknown, not zero.
select
    cells.cell_key,
    cells.window_days,
    cells.has_orders,
    cells.has_refunds,
    cells.has_costs,
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
    case when cells.has_coupons then cast(coalesce(conversions.redeemer_count, 0) as bigint) end as redeemer_count
from cells
left join recalls on cells.cell_key = recalls.cell_key
left join responses on cells.cell_key = responses.cell_key and cells.window_days = responses.window_days
left join conversions on cells.cell_key = conversions.cell_key and cells.window_days = conversions.window_days
