-- One row per business day that was asked for, with the fingerprint of all that its campaigns read.
-- Trap: a campaign concerns the days on which it runs, and what only templates read (products, engagements, groups, guides,
-- cards) the days on which any does; a day without a campaign has the fingerprint of its events alone. The state of an order
-- line is in no history; it, levels and birthdays concern the days on which a template that asks for them runs. What lists tell
-- of orders besides is in `int_list_days_fingerprinted`.
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

clashes as (
    select * from {{ ref('int_campaign_clashes_dated') }}
),

campaign_events as (
    select * from {{ ref('int_campaign_events_fingerprinted') }}
    where kind <> 'order'
),

last_waves as (
    select
        trim({{ json_text('parameters', 'wave_one_campaign_id') }}) as campaign_id,
        max(end_date) as end_date
    from campaigns
    group by trim({{ json_text('parameters', 'wave_one_campaign_id') }})
),

-- A campaign is read on the days on which it runs, and until its last wave has run. Who is held out of all of them follows from
-- who was one person before the first one began.
readable as (
    select
        campaigns.*,
        greatest(campaigns.end_date, coalesce(last_waves.end_date, campaigns.end_date)) as last_read_date,
        case when {{ var('universal_holdout_ratio') }} > 0 then min(campaigns.start_date) over () end as held_out_since
    from campaigns
    left join last_waves on campaigns.campaign_id = last_waves.campaign_id
),

campaigns_by_day as (
    select
        days.as_of_date,
        max(case when readable.template in ('unpaid_orders', 'parcel_notes') then 1 else 0 end) as is_asking_for_states,
        max(case when readable.template in ('influencer_newcomers', 'parcel_notes', 'free_selection') then 1 else 0 end)
            as is_asking_for_details,
        max(case when readable.template in ('member_priority', 'vip_multi_channel', 'free_selection') then 1 else 0 end)
            as is_asking_for_levels,
        max(case when readable.template = 'guide_daily_list' then 1 else 0 end) as is_asking_for_birthdays,
        max(case when readable.template = 'promotion_wave_two' then 1 else 0 end) as is_asking_for_receipts,
        {{ rows_fingerprint([
            'readable.campaign_id', 'readable.template', 'readable.start_date', 'readable.end_date', 'readable.priority',
            'readable.channel', 'readable.holdout_ratio', 'readable.filter', 'readable.parameters', 'readable.held_out_since'
        ]) }} as fingerprint
    from days
    inner join readable on days.as_of_date between readable.start_date and readable.last_read_date
    group by days.as_of_date
),

-- A later wave also reads which days its first one was asked for.
first_wave_days as (
    select
        days.as_of_date,
        {{ rows_fingerprint(['campaigns.campaign_id', 'earlier_days.as_of_date']) }} as fingerprint
    from days
    inner join campaigns on days.as_of_date between campaigns.start_date and campaigns.end_date
    inner join campaigns as first_waves
        on trim({{ json_text('campaigns.parameters', 'wave_one_campaign_id') }}) = first_waves.campaign_id
    inner join days as earlier_days
        on
            earlier_days.as_of_date between first_waves.start_date and first_waves.end_date
            and days.as_of_date >= earlier_days.as_of_date
    group by days.as_of_date
),

-- Who has a priority before whom; a later wave reads the days on which its first one was refused for it, too.
clashes_by_day as (
    select
        days.as_of_date,
        {{ rows_fingerprint([
            'clashes.campaign_id', 'clashes.other_campaign_id', 'clashes.first_date', 'clashes.last_date'
        ]) }} as fingerprint
    from days
    inner join clashes on days.as_of_date >= clashes.first_date
    inner join readable
        on
            clashes.campaign_id = readable.campaign_id
            and days.as_of_date <= readable.last_read_date
    group by days.as_of_date
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
            when campaign_events.kind = 'receipt' and campaigns_by_day.is_asking_for_receipts = 0 then 0
            when campaign_events.kind = 'birthday' and campaigns_by_day.is_asking_for_birthdays = 0 then 0
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
            + coalesce(events_by_day.fingerprint, 0) + coalesce(first_wave_days.fingerprint, 0)
            + coalesce(clashes_by_day.fingerprint, 0) as varchar
        ), '') as fingerprint
    from days
    left join campaigns_by_day on days.as_of_date = campaigns_by_day.as_of_date
    left join events_by_day on days.as_of_date = events_by_day.as_of_date
    left join first_wave_days on days.as_of_date = first_wave_days.as_of_date
    left join clashes_by_day on days.as_of_date = clashes_by_day.as_of_date
    cross join all_products
    cross join all_influencers
)

select * from int_campaign_days_fingerprinted
