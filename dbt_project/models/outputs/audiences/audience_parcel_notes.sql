-- One row per business day and order whose parcel gets a note.
-- Trap: a known buyer's orders follow the decisions about the person, the control groups included; an order of nobody known
-- gets the notes of all campaigns that are not refused. Several notes for a parcel are one, and stand with the highest campaign.
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
),

merged as (
    select
        as_of_date,
        order_key,
        {{ texts_joined('remark', 'campaign_rank') }} as remark
    from allowed
    group by as_of_date, order_key
)

select
    allowed.as_of_date,
    allowed.order_key,
    allowed.campaign_id,
    allowed.customer_key,
    allowed.platform,
    allowed.shop_id,
    allowed.order_id,
    allowed.channel,
    merged.remark,
    allowed.reason
from allowed
inner join merged
    on
        allowed.as_of_date = merged.as_of_date
        and allowed.order_key = merged.order_key
where allowed.campaign_rank = 1
