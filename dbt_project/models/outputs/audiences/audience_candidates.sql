-- One row per campaign, business day and candidate of any template.
-- Trap: a candidate is not on a list yet: `audience_decisions` says who is in.
{{ config(materialized='view') }}

with base_candidates as (
    select * from {{ ref('audience_base_candidates') }}
),

promotion_wave_two as (
    select * from {{ ref('audience__promotion_wave_two') }}
),

tag_overlay as (
    select * from {{ ref('audience__tag_overlay') }}
),

proposed as (
    select * from base_candidates
    union all
    select * from promotion_wave_two
    union all
    select * from tag_overlay
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
