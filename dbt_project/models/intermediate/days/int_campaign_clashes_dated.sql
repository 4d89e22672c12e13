-- One row per campaign and earlier one of the same stated priority, with the days on which both run.
-- Trap: earlier is whose row in force was delivered first, then whose file and name come first: whatever arrives in whichever
-- order, it is the same one. Equal priorities by default clash with nothing: there the name decides.
with campaigns as (
    select * from {{ ref('stg_generic__campaigns') }}
    where priority is not null
),

placed as (
    select
        campaign_id,
        priority,
        start_date,
        end_date,
        row_number() over (
            order by versioned_at asc, delivered_date asc, content_hash asc, campaign_id asc
        ) as place
    from campaigns
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
            and placed.place > earlier.place
            and placed.start_date <= earlier.end_date
            and placed.end_date >= earlier.start_date
)

select * from int_campaign_clashes_dated
