-- One row per message and customer it was sent to.
-- Trap: a sent message counts against the caps of restraint even if no receipt came. A message to a phone that several share is
-- a row of each: what messages cost is a sum over `touch_id`.
with touches as (
    select * from {{ ref('int_touches_matched') }}
)

select
    touch_id,
    customer_key,
    campaign_id,
    wave,
    arm,
    channel,
    sent_at,
    cast(sent_at as date) as sent_date,
    delivered_at,
    touch_status,
    segment_count,
    unit_cost
from touches
