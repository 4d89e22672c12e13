-- One row per campaign, business day and candidate of a template that builds on no other campaign.
-- Trap: later waves and overlays build on these; `audience_candidates` has the candidates of all templates.
{{ config(materialized='view') }}

with buyers_not_members as (
    select * from {{ ref('audience__buyers_not_members') }}
),

festival_members_without_purchase as (
    select * from {{ ref('audience__festival_members_without_purchase') }}
),

group_tiers as (
    select * from {{ ref('audience__group_tiers') }}
),

guide_daily_list as (
    select * from {{ ref('audience__guide_daily_list') }}
),

new_members_without_purchase as (
    select * from {{ ref('audience__new_members_without_purchase') }}
),

    union all
    select * from promotion_wave_one
