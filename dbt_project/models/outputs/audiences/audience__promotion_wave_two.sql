-- One row per campaign, business day and person whom the first wave addressed in vain, or who bought and was refunded since.
-- Trap: asked on the day of the second wave: whoever has a purchase of the event that still stands is out, with a message of
-- the first wave or without. Control persons of the first wave had no message and are asked the same.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with due_days as (
    {{ due_days(days='int_campaign_days_fingerprinted') }}
),

all_campaigns as (
    select * from {{ ref('campaigns') }}
),

base_candidates as (
    select * from {{ ref('audience_base_candidates') }}
),

touches as (
    select * from {{ ref('touches') }}
),

purchase_days as (
    select * from {{ ref('int_purchase_days_valued') }}
),

customer_rfm_periods as (
    select * from {{ ref('customer_rfm_periods') }}
),

merged_accounts as (
    select * from {{ ref('int_customers_merged') }}
),

waves as (
    select
        campaigns.campaign_id,
        due_days.as_of_date,
        campaigns.template,
        campaigns.priority,
        campaigns.tier_amount,
        campaigns.is_refunded_included,
        campaigns.experiment_id,
        campaigns.holdout_ratio,
        wave_ones.campaign_id as wave_one_campaign_id,
        wave_ones.start_date as event_start_date
    from all_campaigns as campaigns
    inner join due_days on due_days.as_of_date between campaigns.start_date and campaigns.end_date
    inner join all_campaigns as wave_ones on campaigns.wave_one_campaign_id = wave_ones.campaign_id
    where campaigns.template = 'promotion_wave_two'
),

sent as (
    select
        waves.campaign_id,
        waves.as_of_date,
        touches.customer_key,
        touches.channel,
        touches.touch_status = 'failed' as is_failed,
        touches.touch_status = 'delivered'
        and coalesce(cast(touches.delivered_at as date) <= waves.as_of_date, true) as is_delivered
    from waves
    inner join touches
        on
            waves.wave_one_campaign_id = touches.campaign_id
            and touches.sent_date between waves.event_start_date and waves.as_of_date
),

-- A channel that sends no receipts at all: there, what was sent counts as delivered.
channels as (
    select
        campaign_id,
        as_of_date,
        channel,
        max(case when is_delivered or is_failed then 1 else 0 end) = 1 as has_receipts
    from sent
    group by campaign_id, as_of_date, channel
),

-- The control group of the first wave, everybody drawn once, and whoever merged with one of it since.
-- Its decisions follow from this model too, so the same draw is made; on days on which the first wave is refused it has no
-- group.
experiments as (
    select
        campaign_id,
        wave_one_campaign_id,
        event_start_date,
        experiment_id,
        holdout_ratio
    from waves
    group by campaign_id, wave_one_campaign_id, event_start_date, experiment_id, holdout_ratio
),

first_days as (
    select
        base_candidates.campaign_id,
        base_candidates.customer_key,
        min(base_candidates.as_of_date) as first_date
    from base_candidates
    where
        base_candidates.campaign_id in (select experiments.wave_one_campaign_id from experiments)
        and not {{ is_refused('base_candidates.campaign_id', 'base_candidates.as_of_date') }}
    group by base_candidates.campaign_id, base_candidates.customer_key
),

control_people as (
    select
        experiments.campaign_id,
        first_days.customer_key,
        first_days.first_date
    from experiments
    inner join first_days on experiments.wave_one_campaign_id = first_days.campaign_id
    where
        {{ arm_draw('experiments.experiment_id', 'first_days.customer_key') }}
        < experiments.holdout_ratio * 1000000

    union all

    select
        experiments.campaign_id,
        first_days.customer_key,
        greatest(first_days.first_date, merged_accounts.merged_date) as first_date
    from experiments
    inner join first_days on experiments.wave_one_campaign_id = first_days.campaign_id
    inner join merged_accounts
        on
            first_days.customer_key = merged_accounts.customer_key
            and experiments.event_start_date <= merged_accounts.merged_date
    where
        {{ arm_draw('experiments.experiment_id', 'merged_accounts.account_key') }}
        < experiments.holdout_ratio * 1000000
),

addressed as (
    select
        sent.campaign_id,
        sent.as_of_date,
        sent.customer_key
    from sent
    inner join channels
        on
            sent.campaign_id = channels.campaign_id
            and sent.as_of_date = channels.as_of_date
            and coalesce(sent.channel, '') = coalesce(channels.channel, '')
    where sent.is_delivered or not channels.has_receipts

    union

    select
        waves.campaign_id,
        waves.as_of_date,
        control_people.customer_key
    from waves
    inner join control_people
        on
            waves.campaign_id = control_people.campaign_id
            and waves.as_of_date >= control_people.first_date
),

event_buyers as (
    select
        waves.campaign_id,
        waves.as_of_date,
        purchase_days.customer_key,
        max(purchase_days.paid_date) as last_paid_date,
        sum(purchase_days.order_count) as standing_count
    from waves
    inner join purchase_days
        on
            purchase_days.paid_date between waves.event_start_date and waves.as_of_date
            and {{ holds_on('waves.as_of_date', 'purchase_days') }}
    group by waves.campaign_id, waves.as_of_date, purchase_days.customer_key
),

found as (
    select
        addressed.campaign_id,
        addressed.as_of_date,
        addressed.customer_key,
        'not_bought' as segment,
        'in the first wave, no purchase since' as reason
    from addressed
    left join event_buyers
        on
            addressed.campaign_id = event_buyers.campaign_id
            and addressed.as_of_date = event_buyers.as_of_date
            and addressed.customer_key = event_buyers.customer_key
    where event_buyers.customer_key is null

    union all

    select
        event_buyers.campaign_id,
        event_buyers.as_of_date,
        event_buyers.customer_key,
        'refunded' as segment,
        'bought on ' || cast(event_buyers.last_paid_date as varchar) || ', refunded in full' as reason
    from event_buyers
    inner join waves
        on
            event_buyers.campaign_id = waves.campaign_id
            and event_buyers.as_of_date = waves.as_of_date
    where event_buyers.standing_count = 0 and waves.is_refunded_included
)

select
    found.campaign_id,
    found.as_of_date,
    found.customer_key,
    waves.template,
    case when customer_rfm_periods.net_amount >= waves.tier_amount then 'high' else 'standard' end as tier,
    found.reason,
    cast(null as varchar) as recommended_product_id,
    waves.priority,
    found.segment,
    cast(null as varchar) as variant,
    cast(null as varchar) as channel,
    cast(null as varchar) as guide_id,
    cast(null as varchar) as order_id,
    cast(null as varchar) as remark,
    cast(null as decimal(9, 6)) as expected_response_ratio,
    cast(null as decimal(18, 2)) as expected_amount
from found
inner join waves
    on
        found.campaign_id = waves.campaign_id
        and found.as_of_date = waves.as_of_date
left join customer_rfm_periods on {{ figures_of('found') }}
