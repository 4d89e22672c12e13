-- One row per business day being built, candidate and channel about which he has stated something: consent, and what ended it.
-- Trap: a grant speaks of its own channel; a withdrawal also of every channel of its family (`sms` ends `douyin_sms`), and of
-- campaigns that name none. The strictest account of a person speaks for all of them.
{{ config(materialized='ephemeral') }}

with audience_ways as (
    select * from {{ ref('audience_ways') }}
),

consents as (
    select * from {{ ref('consents') }}
),

states_by_account as (
    select
        audience_ways.as_of_date,
        audience_ways.customer_key,
        audience_ways.listed_channel,
        consents.account_key,
        max(case
            when
                cast(consents.granted_at as date) <= audience_ways.as_of_date
                and (consents.channel is null or consents.channel = audience_ways.listed_channel)
                then consents.granted_at
        end) as granted_at,
        max(case
            when
                cast(consents.withdrawn_at as date) <= audience_ways.as_of_date
                and (
                    consents.channel is null
                    or audience_ways.listed_channel in ('', consents.channel)
                    or audience_ways.listed_channel like '%/_' || consents.channel escape '/'
                )
                then consents.withdrawn_at
        end) as withdrawn_at
    from audience_ways
    inner join consents
        on
            audience_ways.customer_key = consents.customer_key
            and audience_ways.consent_purpose = consents.purpose
    group by
        audience_ways.as_of_date,
        audience_ways.customer_key,
        audience_ways.listed_channel,
        consents.account_key
)

select
    as_of_date,
    customer_key,
    listed_channel,
    max(granted_at) as granted_at,
    max(case when granted_at is null or withdrawn_at >= granted_at then withdrawn_at end) as withdrawn_at
from states_by_account
group by as_of_date, customer_key, listed_channel
