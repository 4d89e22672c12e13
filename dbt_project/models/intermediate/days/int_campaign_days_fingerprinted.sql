-- One row per business day that was asked for, with the fingerprint of all that its campaigns read.
-- Trap: a campaign concerns the days on which it runs, and what only templates read (products, engagements, groups, guides,
-- cards) the days on which any does; a day without a campaign has the fingerprint of its events alone. The state of an order
-- line is in no history, nor is a member's level: they concern the days on which a template that asks for them runs.
with days as (
    select * from {{ ref('int_days_fingerprinted') }}
),

campaigns as (
    select * from {{ ref('stg_generic__campaigns') }}
),

products as (
    select * from {{ ref('stg_generic__products') }}
),

influencers as (
    select * from {{ ref('stg_generic__influencers') }}
),

campaign_events as (
    select * from {{ ref('int_campaign_events_fingerprinted') }}
),

campaigns_by_day as (
    select
        days.as_of_date,
        max(case when campaigns.template in ('unpaid_orders', 'parcel_notes') then 1 else 0 end) as is_asking_for_states,
        max(case when campaigns.template in ('influencer_newcomers', 'parcel_notes', 'free_selection') then 1 else 0 end)
            as is_asking_for_details,
        max(case when campaigns.template in ('member_priority', 'vip_multi_channel', 'free_selection') then 1 else 0 end)
            as is_asking_for_levels,
        {{ rows_fingerprint([
            'campaigns.campaign_id', 'campaigns.template', 'campaigns.start_date', 'campaigns.end_date', 'campaigns.priority',
            'campaigns.channel', 'campaigns.holdout_ratio', 'campaigns.parameters'
        ]) }} as fingerprint
    from days
    inner join campaigns on days.as_of_date between campaigns.start_date and campaigns.end_date
    group by days.as_of_date
),

references_of_campaigns as (
    select
        {{ json_text('parameters', 'wave_one_campaign_id') }} as wave_one_campaign_id,
        {{ json_text('parameters', 'base_campaign_id') }} as base_campaign_id
    from campaigns
),

-- A wave or an overlay also reads the row of another campaign, which need not run on the day.
referenced_campaigns as (
    select
        coalesce({{ rows_fingerprint(['campaign_id', 'template', 'start_date', 'end_date', 'parameters']) }}, 0) as fingerprint
    from campaigns
    where
        campaign_id in (select references_of_campaigns.wave_one_campaign_id from references_of_campaigns)
        or campaign_id in (select references_of_campaigns.base_campaign_id from references_of_campaigns)
),

all_products as (
    select
        coalesce({{ rows_fingerprint([
            'platform', 'product_id', 'product_name', 'category', 'product_role', 'full_size_product_id'
        ]) }}, 0) as fingerprint
    from products
),

all_influencers as (
    select coalesce({{ rows_fingerprint(['platform', 'influencer_id', 'is_own_account']) }}, 0) as fingerprint
    from influencers
),

events_by_day as (
    select
        campaigns_by_day.as_of_date,
        sum(case
            when campaign_events.kind = 'state' and campaigns_by_day.is_asking_for_states = 0 then 0
            when campaign_events.kind = 'detail' and campaigns_by_day.is_asking_for_details = 0 then 0
            when campaign_events.kind = 'level' and campaigns_by_day.is_asking_for_levels = 0 then 0
            else campaign_events.fingerprint
        end) as fingerprint
    from campaigns_by_day
    inner join campaign_events on campaigns_by_day.as_of_date >= campaign_events.event_date
    group by campaigns_by_day.as_of_date
),

int_campaign_days_fingerprinted as (
    select
        days.as_of_date,
        days.fingerprint || coalesce('+' || cast(
            campaigns_by_day.fingerprint + all_products.fingerprint + all_influencers.fingerprint
            + referenced_campaigns.fingerprint + coalesce(events_by_day.fingerprint, 0) as varchar
        ), '') as fingerprint
    from days
    left join campaigns_by_day on days.as_of_date = campaigns_by_day.as_of_date
    left join events_by_day on days.as_of_date = events_by_day.as_of_date
    cross join all_products
    cross join all_influencers
    cross join referenced_campaigns
)

select * from int_campaign_days_fingerprinted
