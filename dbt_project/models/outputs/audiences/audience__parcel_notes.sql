-- One row per campaign, business day and customer in whose parcel the campaign's note goes.
-- Trap: of several orders the one paid last stands here; `audience_parcel_notes` has the note of every parcel.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with due_days as (
    {{ due_days(days='int_campaign_days_fingerprinted') }}
),

parcels as (
    select * from {{ ref('audience_parcels') }}
    where {{ is_in_block('as_of_date') }}
),

ranked as (
    select
        parcels.*,
        row_number() over (
            partition by parcels.campaign_id, parcels.as_of_date, parcels.customer_key
            order by parcels.paid_at desc, parcels.order_key asc
        ) as recency_rank
    from parcels
    inner join due_days on parcels.as_of_date = due_days.as_of_date
    where parcels.customer_key is not null
)

select
    campaign_id,
    as_of_date,
    customer_key,
    'parcel_notes' as template,
    'standard' as tier,
    reason,
    cast(null as varchar) as recommended_product_id,
    priority,
    cast(null as varchar) as segment,
    cast(null as varchar) as variant,
    channel,
    cast(null as varchar) as guide_id,
    order_id,
    remark,
    cast(null as decimal(9, 6)) as expected_response_ratio,
    cast(null as decimal(18, 2)) as expected_amount
from ranked
where recency_rank = 1
