-- One row per business day that was asked for, with the fingerprint of everything that happened up to its end.
-- Trap: only what as-of tables read is in the fingerprint, each event under its own day: a status that changes no number
-- makes no day due, a late row makes due its own day and those after it. What tables of campaigns read besides is in
-- `int_campaign_days_fingerprinted`.
with business_days as (
    select * from {{ source('plan', 'business_days') }}
),

order_lines as (
    select * from {{ ref('int_order_lines_unioned') }}
),

refunds as (
    select * from {{ ref('int_refunds_matched') }}
),

memberships as (
    select * from {{ ref('int_memberships_unioned') }}
),

consents as (
    select * from {{ ref('int_consents_matched') }}
),

touches as (
    select * from {{ ref('int_touches_matched') }}
),

events as (
    select
        paid_date as event_date,
        {{ rows_fingerprint([
            'order_line_key', 'order_key', 'customer_key', 'product_id', 'quantity', 'paid_amount', 'order_kind', 'paid_at'
        ]) }} as fingerprint
    from order_lines
    where paid_date is not null
    group by paid_date

    union all

    select
        cast(applied_at as date) as event_date,
        {{ rows_fingerprint(["'applied'", 'refund_key', 'order_line_key', 'customer_key', 'applied_at']) }} as fingerprint
    from refunds
    where applied_at is not null
    group by cast(applied_at as date)

    union all

    select
        cast(resolved_at as date) as event_date,
        {{ rows_fingerprint(["'resolved'", 'refund_key', 'order_line_key', 'customer_key', 'resolved_at']) }} as fingerprint
    from refunds
    where resolved_at is not null
    group by cast(resolved_at as date)

    union all

    select
        cast(refunded_at as date) as event_date,
        {{ rows_fingerprint([
            "'refunded'", 'refund_key', 'order_line_key', 'customer_key', 'counted_amount', 'refund_type', 'refunded_at'
        ]) }} as fingerprint
    from refunds
    where is_successful and pending_reason is null
    group by cast(refunded_at as date)

    union all

    select
        cast(joined_at as date) as event_date,
        {{ rows_fingerprint(["'joined'", 'membership_key', 'customer_key', 'join_channel']) }} as fingerprint
    from memberships
    group by cast(joined_at as date)

    union all

    select
        cast(left_at as date) as event_date,
        {{ rows_fingerprint(["'left'", 'membership_key', 'customer_key', 'left_at']) }} as fingerprint
    from memberships
    where left_at is not null
    group by cast(left_at as date)

    union all

    select
        cast(granted_at as date) as event_date,
        {{ rows_fingerprint(["'granted'", 'consent_key', 'customer_key', 'granted_at']) }} as fingerprint
    from consents
    where granted_at is not null
    group by cast(granted_at as date)

    union all

    select
        cast(withdrawn_at as date) as event_date,
        {{ rows_fingerprint(["'withdrawn'", 'consent_key', 'customer_key', 'withdrawn_at']) }} as fingerprint
    from consents
    where withdrawn_at is not null
    group by cast(withdrawn_at as date)

    union all

    select
        cast(sent_at as date) as event_date,
        {{ rows_fingerprint(['touch_id', 'customer_key', 'channel', 'touch_status', 'sent_at']) }} as fingerprint
    from touches
    group by cast(sent_at as date)
),

events_by_day as (
    select
        event_date,
        sum(fingerprint) as fingerprint
    from events
    group by event_date
),

int_days_fingerprinted as (
    select
        business_days.as_of_date,
        cast(coalesce(sum(events_by_day.fingerprint), 0) as varchar) as fingerprint
    from business_days
    left join events_by_day on business_days.as_of_date >= events_by_day.event_date
    group by business_days.as_of_date
)

select * from int_days_fingerprinted
