-- One row per campaign, business day and candidate of a template that builds on no other campaign.
-- Trap: later waves and overlays build on these; `audience_candidates` has the candidates of all templates.
{{ config(materialized='view') }}

{% set templates = [
    'annual_pack_follow_up',
    'associated_purchase',
    'buyers_not_members',
    'festival_members_without_purchase',
    'free_selection',
    'group_tiers',
    'guide_daily_list',
    'influencer_newcomers',
    'member_priority',
    'new_members_without_purchase',
    'offline_recognition',
    'parcel_notes',
    'promotion_wave_one',
    'sample_to_full_size',
    'sleeping_members',
    'trial_to_member',
    'unpaid_orders',
    'vip_multi_channel'
] -%}

with proposed as (
    {%- for template in templates %}
    select * from {{ ref('audience__' ~ template) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
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
