-- One row per event of an account: what it watched, put into its cart, joined, shared.
-- Trap: an account that nothing else knows has no customer; equal rows are one event.
with events as (
    select * from {{ ref('stg_generic__events') }}
),

accounts as (
    select * from {{ ref('customer_accounts') }}
)

select
    events.event_key,
    events.account_key,
    accounts.customer_key,
    events.platform,
    events.shop_id,
    events.event_type,
    events.occurred_at,
    cast(events.occurred_at as date) as occurred_date,
    events.field,
    events.object_id,
    events.related_account_key,
    related_accounts.customer_key as related_customer_key,
    events.content_hash
from events
left join accounts on events.account_key = accounts.account_key
left join accounts as related_accounts on events.related_account_key = related_accounts.account_key
