-- One row per campaign and earlier one of the same priority, stated by one of them or both, with the days on which both run.
-- Trap: earlier is whose row in force was delivered first, then whose file and name come first: whatever arrives in whichever
-- order, it is the same one. Where both have it by default they clash with nothing: there the name decides.
with campaigns as (
    select * from {{ ref('stg_generic__campaigns') }}
),

defaults as (
    select * from {{ ref('audience_parameters') }}
    where parameter = 'priority'
),

placed as (
    select
        campaigns.campaign_id,
        coalesce(campaigns.priority, cast(defaults.default_value as bigint)) as priority,
        campaigns.priority is not null as is_stated,
        campaigns.start_date,
        campaigns.end_date,
        row_number() over (
            order by
                campaigns.versioned_at asc,
                campaigns.delivered_date asc,
                campaigns.content_hash asc,
                campaigns.campaign_id asc
        ) as place
    from campaigns
    left join defaults on campaigns.template = defaults.template
),

int_campaign_clashes_dated as (
    select
        placed.campaign_id,
        earlier.campaign_id as other_campaign_id,
        greatest(placed.start_date, earlier.start_date) as first_date,
        least(placed.end_date, earlier.end_date) as last_date
    from placed
    inner join placed as earlier
        on
            placed.priority = earlier.priority
            and (placed.is_stated or earlier.is_stated)
            and placed.place > earlier.place
            and placed.start_date <= earlier.end_date
            and placed.end_date >= earlier.start_date
)

select * from int_campaign_clashes_dated
