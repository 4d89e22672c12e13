-- One row per business day being built and customer whom something keeps from messages, of whatever campaign and channel.
-- Trap: caps count the messages of all channels, and those that failed do not count. A refund is open by its order, which is
-- known where the line is not.
{{ config(materialized='ephemeral') }}

with days as (
    select as_of_date from {{ ref('int_campaign_days_fingerprinted') }}
    where {{ is_in_block('as_of_date') }}
),

members as (
    select * from {{ ref('members') }}
),

refunds as (
    select * from {{ ref('refunds') }}
),

touches as (
    select * from {{ ref('touches') }}
),

departures as (
    select
        days.as_of_date,
        members.customer_key,
        'left' as restraint
    from days
    inner join members on days.as_of_date >= members.joined_date
    group by days.as_of_date, members.customer_key
    having max(case when members.left_date is null or members.left_date > days.as_of_date then 1 else 0 end) = 0
),

messages as (
    select
        days.as_of_date,
        touches.customer_key,
        'message' as restraint
    from days
    inner join touches
        on
            days.as_of_date >= touches.sent_date
            and touches.sent_date > {{ days_before('days.as_of_date', 30) }}
    where touches.customer_key is not null and touches.touch_status <> 'failed'
    group by days.as_of_date, touches.customer_key
    having
        sum(case when touches.sent_date > {{ days_before('days.as_of_date', 3) }} then 1 else 0 end)
        >= {{ var('touch_cap_3d') }}
        or sum(case when touches.sent_date > {{ days_before('days.as_of_date', 7) }} then 1 else 0 end)
        >= {{ var('touch_cap_7d') }}
        or count(*) >= {{ var('touch_cap_30d') }}
),

-- Few are open: grouped at once, so that the lines of these alone are looked for.
open_refunds as (
    select
        days.as_of_date,
        refunds.order_key
    from days
    inner join refunds
        on
            days.as_of_date >= cast(refunds.applied_at as date)
            and (refunds.resolved_at is null or days.as_of_date < cast(refunds.resolved_at as date))
    group by days.as_of_date, refunds.order_key
),

-- The lines are read in two places without an import: one that is read twice is kept in memory whole.
restraints as (
    select * from departures
    union all
    select * from messages
    union all
    select
        open_refunds.as_of_date,
        order_lines.customer_key,
        'refund' as restraint
    from open_refunds
    inner join {{ ref('order_lines') }} as order_lines on open_refunds.order_key = order_lines.order_key
    union all
    select
        days.as_of_date,
        order_lines.customer_key,
        'purchase' as restraint
    from days
    inner join {{ ref('order_lines') }} as order_lines
        on
            days.as_of_date >= order_lines.paid_date
            and order_lines.paid_date > {{ days_before('days.as_of_date', var('quiet_days_after_purchase')) }}
    where order_lines.is_valid
)

select
    as_of_date,
    customer_key,
    max(case when restraint = 'left' then 1 else 0 end) = 1 as has_left,
    max(case when restraint = 'message' then 1 else 0 end) = 1 as has_been_written_to,
    max(case when restraint = 'refund' then 1 else 0 end) = 1 as has_open_refund,
    max(case when restraint = 'purchase' then 1 else 0 end) = 1 as has_bought
from restraints
where customer_key is not null
group by as_of_date, customer_key
