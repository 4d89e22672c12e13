-- One row per business day being built, candidate and channel that reaches him: by an account, a guide or a phone of the day.
-- Trap: on WeCom an account alone is not enough, a guide has to be a friend of the person.
{{ config(materialized='ephemeral') }}

-- The ways are read in two places without an import: one that is read twice is kept in memory once more.
with audience_guides as (
    select * from {{ ref('audience_guides') }}
),

accounts as (
    select * from {{ ref('customer_accounts') }}
),

identifiers as (
    select * from {{ ref('customer_identifiers') }}
),

-- Where a person has an account, and since when; without a platform: anywhere.
people_with_accounts as (
    select
        customer_key,
        platform,
        min(coalesce(first_seen_date, cast('0001-01-01' as date))) as first_seen_date
    from accounts
    where platform is not null
    group by customer_key, platform

    union all

    select
        customer_key,
        '' as platform,
        min(coalesce(first_seen_date, cast('0001-01-01' as date))) as first_seen_date
    from accounts
    group by customer_key
)

select
    ways.as_of_date,
    ways.customer_key,
    ways.listed_channel
from {{ ref('audience_ways') }} as ways
inner join people_with_accounts
    on
        ways.customer_key = people_with_accounts.customer_key
        and ways.channel_platform = people_with_accounts.platform
        and ways.as_of_date >= people_with_accounts.first_seen_date
where ways.id_type <> 'phone' and ways.channel_platform <> 'wecom'

union all

select
    as_of_date,
    customer_key,
    listed_channel
from audience_guides

union all

select
    ways.as_of_date,
    ways.customer_key,
    ways.listed_channel
from {{ ref('audience_ways') }} as ways
inner join identifiers
    on
        ways.customer_key = identifiers.customer_key
        and identifiers.id_type = 'phone'
        and (identifiers.valid_from is null or cast(identifiers.valid_from as date) <= ways.as_of_date)
        and (identifiers.valid_to is null or cast(identifiers.valid_to as date) > ways.as_of_date)
where ways.id_type = 'phone'
group by ways.as_of_date, ways.customer_key, ways.listed_channel
