-- One row per business day being built, candidate and channel by which some campaign would write to him.
-- Trap: campaigns of one channel ask the same of a person, so it is asked once. A channel that the list of channels does not have
-- is one of messages, to any account.
{{ config(materialized='ephemeral') }}

with audience_routes as (
    select * from {{ ref('audience_routes') }}
),

channels as (
    select * from {{ ref('channels') }}
),

ways as (
    select
        as_of_date,
        customer_key,
        listed_channel
    from audience_routes
    group by as_of_date, customer_key, listed_channel
)

select
    ways.as_of_date,
    ways.customer_key,
    ways.listed_channel,
    coalesce(channels.platform, '') as channel_platform,
    coalesce(channels.id_type, 'account') as id_type,
    case when channels.channel is null then 'marketing_message' else channels.consent_purpose end as consent_purpose
from ways
left join channels on ways.listed_channel = channels.channel
