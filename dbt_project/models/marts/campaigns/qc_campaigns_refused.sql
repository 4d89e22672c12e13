-- One row per campaign and reason why it has no lists from `first_date` to `last_date`, though its row of the plan is in force.
-- Trap: what it names may be known later; a campaign that builds on another one waits for what that one names, too. An equal
-- priority refuses whoever came second, on the days on which both run.
with campaigns as (
    select * from {{ ref('stg_generic__campaigns') }}
),

campaign_parameters as (
    select * from {{ ref('campaign_parameters') }}
    where parameter in ('wave_one_campaign_id', 'base_campaign_id') and value is not null
),

campaign_references as (
    select * from {{ ref('campaign_references') }}
),

clashes as (
    select * from {{ ref('int_campaign_clashes_dated') }}
),

-- Since when all that a campaign names is known, and others can build on it.
founded as (
    select
        campaigns.campaign_id,
        case
            when count(campaign_references.value) = count(campaign_references.known_date)
                then coalesce(max(campaign_references.known_date), cast('0001-01-01' as date))
        end as known_date
    from campaigns
    left join campaign_references on campaigns.campaign_id = campaign_references.campaign_id
    group by campaigns.campaign_id
),

named as (
    select
        campaign_id,
        parameter,
        value,
        known_date
    from campaign_references

    union all

    select
        campaign_parameters.campaign_id,
        campaign_parameters.parameter,
        campaign_parameters.value,
        founded.known_date
    from campaign_parameters
    left join founded on campaign_parameters.value = founded.campaign_id
),

refused as (
    select
        named.campaign_id,
        named.parameter,
        named.value,
        campaigns.start_date as first_date,
        least(campaigns.end_date, coalesce({{ days_before('named.known_date', 1) }}, campaigns.end_date)) as last_date
    from named
    inner join campaigns on named.campaign_id = campaigns.campaign_id
    where named.known_date is null or named.known_date > campaigns.start_date

    union all

    select
        campaign_id,
        'priority' as parameter,
        other_campaign_id as value,
        first_date,
        last_date
    from clashes
)

select
    refused.campaign_id,
    refused.parameter,
    refused.value,
    refused.first_date,
    refused.last_date,
    campaigns.content_hash,
    campaigns.line_number
from refused
inner join campaigns on refused.campaign_id = campaigns.campaign_id
