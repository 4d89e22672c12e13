-- One row per business day that was asked for, with the fingerprint of all that its lists tell.
-- Trap: whom a list names follows from what its campaigns read; what it tells of orders follows from more, which makes no other
-- decision. An influencer who is renamed in the brand's list makes lists due, one who renames himself none.
with days as (
    select * from {{ ref('int_campaign_days_fingerprinted') }}
),

campaigns as (
    select * from {{ ref('stg_generic__campaigns') }}
),

influencers as (
    select * from {{ ref('stg_generic__influencers') }}
),

campaign_events as (
    select * from {{ ref('int_campaign_events_fingerprinted') }}
    where kind = 'order'
),

days_with_lists as (
    select days.as_of_date
    from days
    inner join campaigns on days.as_of_date between campaigns.start_date and campaigns.end_date
    group by days.as_of_date
),

orders_by_day as (
    select
        days_with_lists.as_of_date,
        sum(campaign_events.fingerprint) as fingerprint
    from days_with_lists
    inner join campaign_events on days_with_lists.as_of_date >= campaign_events.event_date
    group by days_with_lists.as_of_date
),

all_names as (
    select coalesce({{ rows_fingerprint(['platform', 'influencer_id', 'influencer_name']) }}, 0) as fingerprint
    from influencers
),

int_list_days_fingerprinted as (
    select
        days.as_of_date,
        days.fingerprint
        || coalesce('+' || cast(orders_by_day.fingerprint + all_names.fingerprint as varchar), '') as fingerprint
    from days
    left join orders_by_day on days.as_of_date = orders_by_day.as_of_date
    cross join all_names
)

select * from int_list_days_fingerprinted
