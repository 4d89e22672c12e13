-- One row per campaign, business day and candidate of a template that builds on no other campaign.
-- Trap: later waves and overlays build on these; `audience_candidates` has the candidates of all templates.
{{ config(materialized='view') }}

with new_members_without_purchase as (
    select * from {{ ref('audience__new_members_without_purchase') }}
),

sample_to_full_size as (
    select * from {{ ref('audience__sample_to_full_size') }}
),

proposed as (
    select * from new_members_without_purchase
    union all
    select * from sample_to_full_size
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
