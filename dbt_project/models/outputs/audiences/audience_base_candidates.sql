-- One row per campaign, business day and candidate of a template that builds on no other campaign.
-- Trap: later waves and overlays build on these; `audience_candidates` has the candidates of all templates.
{{ config(materialized='view') }}

with annual_pack_follow_up as (
    select * from {{ ref('audience__annual_pack_follow_up') }}
),

associated_purchase as (
    select * from {{ ref('audience__associated_purchase') }}
),

buyers_not_members as (
    select * from {{ ref('audience__buyers_not_members') }}
),

festival_members_without_purchase as (
    select * from {{ ref('audience__festival_members_without_purchase') }}
),

free_selection as (
    select * from {{ ref('audience__free_selection') }}
),

group_tiers as (
    select * from {{ ref('audience__group_tiers') }}
),

guide_daily_list as (
    select * from {{ ref('audience__guide_daily_list') }}
),

influencer_newcomers as (
    select * from {{ ref('audience__influencer_newcomers') }}
),

member_priority as (
    select * from {{ ref('audience__member_priority') }}
),

new_members_without_purchase as (
    select * from {{ ref('audience__new_members_without_purchase') }}
),

offline_recognition as (
    select * from {{ ref('audience__offline_recognition') }}
),

parcel_notes as (
    select * from {{ ref('audience__parcel_notes') }}
),

promotion_wave_one as (
    select * from {{ ref('audience__promotion_wave_one') }}
),

sample_to_full_size as (
    select * from {{ ref('audience__sample_to_full_size') }}
),

sleeping_members as (
    select * from {{ ref('audience__sleeping_members') }}
),

trial_to_member as (
    select * from {{ ref('audience__trial_to_member') }}
),

unpaid_orders as (
    select * from {{ ref('audience__unpaid_orders') }}
),

vip_multi_channel as (
    select * from {{ ref('audience__vip_multi_channel') }}
),

proposed as (
    select * from annual_pack_follow_up
    union all
    select * from associated_purchase
    union all
    select * from buyers_not_members
    union all
    select * from festival_members_without_purchase
    union all
    select * from free_selection
    union all
    select * from group_tiers
    union all
    select * from guide_daily_list
    union all
    select * from influencer_newcomers
    union all
    select * from member_priority
    union all
    select * from new_members_without_purchase
    union all
    select * from offline_recognition
    union all
    select * from parcel_notes
    union all
    select * from promotion_wave_one
    union all
    select * from sample_to_full_size
    union all
    select * from sleeping_members
    union all
    select * from trial_to_member
    union all
    select * from unpaid_orders
    union all
    select * from vip_multi_channel
)

select
    campaign_id,
    as_of_date,
    customer_key,
    template,
    tier,
    reason,
    recommended_product_id,
    priority,
    segment,
    variant,
    channel,
    guide_id,
    order_id,
    remark,
    expected_response_ratio,
    expected_amount
from proposed
