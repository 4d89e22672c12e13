-- One row per live session (shop, 抖音号, start), in its highest delivered version.
-- Trap: sold_amount includes what was refunded later, and purchases from the cart up to 30 days after: orders give another sum.
{{ config(materialized='view') }}

with latest as (
    {{ latest_delivered('douyin', 'live_sessions', key=['shop_id', 'author_number', 'started_at']) }}
),

stg_douyin__live_sessions as (
    select
        'douyin' as platform,
        latest.shop_id,
        latest.author_number,
        latest.author_name,
        latest.started_at,
        latest.ended_at,
        cast(latest.started_at as date) as live_date,
        latest.duration_minutes,
        latest.exposed_viewer_count,
        latest.exposure_count,
        latest.viewer_count,
        latest.view_count,
        latest.peak_viewer_count,
        latest.average_viewer_count,
        latest.average_view_minutes,
        latest.comment_count,
        latest.new_follower_count,
        latest.lost_follower_count,
        latest.new_fan_club_count,
        latest.new_group_member_count,
        latest.returning_viewer_ratio,
        latest.product_count,
        latest.product_exposed_viewer_count,
        latest.product_clicking_viewer_count,
        latest.product_click_count,
        latest.order_count,
        latest.buyer_count,
        latest.sold_quantity,
        latest.sold_amount,
        latest.paid_amount,
        latest.refunded_order_count,
        latest.refunded_amount,
        latest.refunding_buyer_count,
        latest.net_sold_amount,
        latest.net_order_count,
        latest.hour_refunded_amount,
        latest.hour_refunded_order_count,
        latest.presale_order_count,
        latest.presale_amount,
        latest.estimated_commission_amount,
        latest.advertising_amount,
        latest.versioned_at,
        latest.delivered_date,
        latest.content_hash,
        latest.line_number
    from latest
)

select * from stg_douyin__live_sessions
