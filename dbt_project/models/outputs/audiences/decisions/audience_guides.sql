-- One row per business day being built, candidate and WeCom channel on which a guide may write to him.
-- Trap: on WeCom a guide writes to friends of his own: of several guides the one who added the person last.
{{ config(materialized='ephemeral') }}

with audience_ways as (
    select * from {{ ref('audience_ways') }}
),

guide_contacts as (
    select * from {{ ref('guide_contacts') }}
),

friends as (
    select
        audience_ways.as_of_date,
        audience_ways.customer_key,
        audience_ways.listed_channel,
        guide_contacts.guide_id,
        row_number() over (
            partition by audience_ways.as_of_date, audience_ways.customer_key, audience_ways.listed_channel
            order by guide_contacts.added_at desc, guide_contacts.contact_key asc
        ) as recency_rank
    from audience_ways
    inner join guide_contacts
        on
            audience_ways.customer_key = guide_contacts.customer_key
            and {{ holds_on('audience_ways.as_of_date', 'guide_contacts', 'added_date', 'removed_date') }}
    where audience_ways.channel_platform = 'wecom' and audience_ways.id_type <> 'phone'
)

select
    as_of_date,
    customer_key,
    listed_channel,
    guide_id
from friends
where recency_rank = 1
