-- One row per campaign, business day and customer who is a VIP, with the first channel of the campaign that reaches the person.
-- Trap: the last channel stands where none reaches: there the person leaves the audience as unreachable, and is counted.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with runs as (
    {{ runs_of('vip_multi_channel') }}
),

campaign_values as (
    select * from {{ ref('campaign_values') }}
),

channels as (
    select * from {{ ref('channels') }}
),

membership_levels as (
    select * from {{ ref('membership_levels') }}
    where membership_key is not null
),

customer_rfm_periods as (
    select * from {{ ref('customer_rfm_periods') }}
),

guide_contacts as (
    select * from {{ ref('guide_contacts') }}
),

customer_accounts as (
    select * from {{ ref('customer_accounts') }}
),

customer_identifiers as (
    select * from {{ ref('customer_identifiers') }}
),

-- A channel goes to an account of its platform; one that names no platform goes to a phone.
offered_channels as (
    select
        campaign_values.campaign_id,
        campaign_values.value as channel,
        campaign_values.position,
        coalesce(channels.platform, 'phone') as means
    from campaign_values
    left join channels on campaign_values.value = channels.channel
    where campaign_values.parameter = 'channels'
),

levels_of_campaigns as (
    select
        campaign_id,
        value as member_level
    from campaign_values
    where parameter = 'member_levels'
),

people_of_level as (
    select
        runs.campaign_id,
        runs.as_of_date,
        membership_levels.customer_key,
        min(membership_levels.member_level) as member_level
    from runs
    inner join levels_of_campaigns on runs.campaign_id = levels_of_campaigns.campaign_id
    inner join membership_levels
        on
            levels_of_campaigns.member_level = membership_levels.member_level
            and {{ holds_on('runs.as_of_date', 'membership_levels') }}
    group by runs.campaign_id, runs.as_of_date, membership_levels.customer_key
),

-- Levels that are named decide alone who is a VIP.
vips as (
    select
        runs.campaign_id,
        runs.as_of_date,
        runs.template,
        runs.priority,
        people_of_level.customer_key,
        'level ' || people_of_level.member_level as reason,
        coalesce(customer_rfm_periods.net_amount, 0) >= runs.tier_amount as is_high
    from runs
    inner join people_of_level
        on
            runs.campaign_id = people_of_level.campaign_id
            and runs.as_of_date = people_of_level.as_of_date
    left join customer_rfm_periods on {{ figures_of('people_of_level') }}

    union all

    select
        runs.campaign_id,
        runs.as_of_date,
        runs.template,
        runs.priority,
        customer_rfm_periods.customer_key,
        'net amount of 365 days from ' || cast(runs.tier_amount as varchar) || ' yuan' as reason,
        true as is_high
    from runs
    inner join customer_rfm_periods
        on
            runs.as_of_date >= customer_rfm_periods.valid_from
            and runs.as_of_date < customer_rfm_periods.valid_to
            and runs.tier_amount <= customer_rfm_periods.net_amount
    where runs.campaign_id not in (select levels_of_campaigns.campaign_id from levels_of_campaigns)
),

-- By an inner join for each means: an outer join with conditions besides equality compares everybody with everybody.
reached as (
    select
        vips.campaign_id,
        vips.as_of_date,
        vips.customer_key,
        'wecom' as means
    from vips
    inner join guide_contacts
        on
            vips.customer_key = guide_contacts.customer_key
            and {{ holds_on('vips.as_of_date', 'guide_contacts', 'added_date', 'removed_date') }}

    union all

    select
        vips.campaign_id,
        vips.as_of_date,
        vips.customer_key,
        customer_accounts.platform as means
    from vips
    inner join customer_accounts
        on
            vips.customer_key = customer_accounts.customer_key
            and (customer_accounts.first_seen_date is null or vips.as_of_date >= customer_accounts.first_seen_date)
    where customer_accounts.platform <> 'wecom'

    union all

    select
        vips.campaign_id,
        vips.as_of_date,
        vips.customer_key,
        customer_identifiers.id_type as means
    from vips
    inner join customer_identifiers
        on
            vips.customer_key = customer_identifiers.customer_key
            and (customer_identifiers.valid_from is null or vips.as_of_date >= cast(customer_identifiers.valid_from as date))
            and (customer_identifiers.valid_to is null or vips.as_of_date < cast(customer_identifiers.valid_to as date))
    where customer_identifiers.id_type = 'phone'
),

-- Offers that reach nobody are not looked at: whom none reaches has the last one.
ranked as (
    select
        reached.campaign_id,
        reached.as_of_date,
        reached.customer_key,
        offered_channels.channel,
        row_number() over (
            partition by reached.campaign_id, reached.as_of_date, reached.customer_key
            order by offered_channels.position asc, offered_channels.channel asc
        ) as choice_rank
    from reached
    inner join offered_channels
        on
            reached.campaign_id = offered_channels.campaign_id
            and reached.means = offered_channels.means
),

last_channels as (
    select
        campaign_id,
        channel,
        row_number() over (partition by campaign_id order by position desc, channel asc) as resort_rank
    from offered_channels
)

select
    vips.campaign_id,
    vips.as_of_date,
    vips.customer_key,
    vips.template,
    case when vips.is_high then 'high' else 'standard' end as tier,
    vips.reason,
    cast(null as varchar) as recommended_product_id,
    vips.priority,
    cast(null as varchar) as segment,
    cast(null as varchar) as variant,
    coalesce(ranked.channel, last_channels.channel) as channel,
    cast(null as varchar) as guide_id,
    cast(null as varchar) as order_id,
    cast(null as varchar) as remark,
    cast(null as decimal(9, 6)) as expected_response_ratio,
    cast(null as decimal(18, 2)) as expected_amount
from vips
inner join last_channels
    on
        vips.campaign_id = last_channels.campaign_id
        and last_channels.resort_rank = 1
left join ranked
    on
        vips.campaign_id = ranked.campaign_id
        and vips.as_of_date = ranked.as_of_date
        and vips.customer_key = ranked.customer_key
        and ranked.choice_rank = 1
