-- One row per message of a campaign and person it was sent to, up to the last business day asked for.
-- Trap: who is known by nothing but the message is here too, by the account or phone it went to; a shared phone is several
-- persons and one message, so count messages by `touch_id`. A message without its receipt is not delivered, unless its
-- campaign's channel has no receipts at all (`has_receipts`): there, what was sent counts as delivered.
with touches as (
    select * from {{ ref('int_touches_unioned') }}
),

customers as (
    select * from {{ ref('int_touches_matched') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
),

last_days as (
    {{ last_asked_day() }}
),

first_days as (
    select
        campaign_id,
        min(cast(sent_at as date)) as sent_date
    from touches
    group by campaign_id
),

receipts as (
    select
        campaign_id,
        coalesce(channel, '') as channel,
        bool_or(touch_status <> 'sent' or delivered_at is not null) as has_receipts
    from touches
    group by campaign_id, coalesce(channel, '')
)

select
    touches.touch_id,
    touches.campaign_id,
    touches.wave,
    touches.arm,
    touches.channel,
    customers.customer_key,
    coalesce(
        customers.customer_key,
        case
            when touches.account_id is not null
                then {{ surrogate_key(['touches.platform', 'touches.shop_id', 'touches.account_id']) }}
            else {{ surrogate_key(["'phone'", "null", "null", 'touches.phone_token']) }}
        end
    ) as person_key,
    coalesce(campaigns.start_date, first_days.sent_date) as campaign_start_date,
    touches.sent_at,
    receipts.has_receipts,
    touches.touch_status <> 'failed'
    and (touches.touch_status = 'delivered' or touches.delivered_at is not null or not receipts.has_receipts)
        as is_delivered,
    touches.touch_status = 'failed' as is_failed,
    case when touches.touch_status <> 'failed' then coalesce(touches.delivered_at, touches.sent_at) end as reached_at,
    coalesce(touches.segment_count, 1) as segment_count,
    cast(coalesce(touches.segment_count, 1) * touches.unit_cost as decimal(18, 6)) as cost_amount,
    last_days.as_of_date
from touches
cross join last_days
inner join first_days on touches.campaign_id = first_days.campaign_id
inner join receipts on touches.campaign_id = receipts.campaign_id and coalesce(touches.channel, '') = receipts.channel
left join customers on touches.touch_id = customers.touch_id
left join campaigns on touches.campaign_id = campaigns.campaign_id
where cast(touches.sent_at as date) <= last_days.as_of_date
