-- One row per business day and order whose parcel gets a note.
-- Trap: a known buyer's orders follow the decision about the person, the control group included; an order of nobody known gets
-- the note of the highest campaign that is not refused.
{{ config(materialized='view') }}

with parcels as (
    select * from {{ ref('audience_parcels') }}
),

decisions as (
    select * from {{ ref('audience_decisions') }}
    where template = 'parcel_notes' and suppressed_reason is null and arm = 'treatment'
),

allowed as (
    select
        parcels.*,
        row_number() over (
            partition by parcels.as_of_date, parcels.order_key
            order by parcels.priority asc, parcels.campaign_id asc
        ) as campaign_rank
    from parcels
    left join decisions
        on
            parcels.campaign_id = decisions.campaign_id
            and parcels.as_of_date = decisions.as_of_date
            and parcels.customer_key = decisions.customer_key
    where
        decisions.customer_key is not null
        or (parcels.customer_key is null and not {{ is_refused('parcels.campaign_id', 'parcels.as_of_date') }})
)

select
    as_of_date,
    order_key,
    campaign_id,
    customer_key,
    platform,
    shop_id,
    order_id,
    channel,
    remark,
    reason
from allowed
where campaign_rank = 1
