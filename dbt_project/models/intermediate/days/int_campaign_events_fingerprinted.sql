-- One row per day and kind of event that only audience templates read, with the fingerprint of the day's events.
-- Trap: kind `state` is what an order line is now, under the day on which it was ordered: no export dates its changes; kind
-- `detail` is where a sale came from, which platforms fill in later.
with order_lines as (
    select * from {{ ref('int_order_lines_unioned') }}
),

memberships as (
    select * from {{ ref('int_memberships_unioned') }}
),

identifiers as (
    select * from {{ ref('int_identifiers_matched') }}
    where id_type = 'phone'
),

merged_accounts as (
    select * from {{ ref('int_customers_merged') }}
),

touches as (
    select * from {{ ref('int_touches_matched') }}
),

accounts as (
    select * from {{ ref('int_accounts_unioned') }}
),

events as (
    select * from {{ ref('stg_generic__events') }}
),

group_stays as (
    select * from {{ ref('int_group_stays_dated') }}
),

contacts as (
    select * from {{ ref('stg_wecom__customers') }}
),

contact_events as (
    select * from {{ ref('stg_wecom__customer_events') }}
),

cards as (
    select * from {{ ref('stg_pos__members') }}
),

points as (
    select * from {{ ref('stg_generic__points') }}
),

dated as (
    select
        'state' as kind,
        cast(created_at as date) as event_date,
        {{ rows_fingerprint([
            'order_line_key', 'order_id', 'customer_key', 'product_id', 'order_kind', 'order_status', 'list_amount',
            'created_at', 'paid_at'
        ]) }} as fingerprint
    from order_lines
    where
        created_at is not null
        and (order_status in ('placed', 'paid') or cast(paid_at as date) > cast(created_at as date))
    group by cast(created_at as date)

    union all

    select
        'detail' as kind,
        paid_date as event_date,
        {{ rows_fingerprint([
            'order_line_key', 'shop_id', 'influencer_key', 'influencer_name', 'sku_id', 'merchant_code', 'traffic_source',
            'traffic_format'
        ]) }} as fingerprint
    from order_lines
    where paid_date is not null
    group by paid_date

    union all

    select
        'level' as kind,
        cast(joined_at as date) as event_date,
        {{ rows_fingerprint(['membership_key', 'member_level']) }} as fingerprint
    from memberships
    group by cast(joined_at as date)

    union all

    select
        'phone' as kind,
        cast(coalesce(valid_from, cast('0001-01-01' as timestamp)) as date) as event_date,
        {{ rows_fingerprint(['customer_key', 'identifier_key', 'valid_to']) }} as fingerprint
    from identifiers
    group by cast(coalesce(valid_from, cast('0001-01-01' as timestamp)) as date)

    union all

    select
        'account' as kind,
        coalesce(first_seen_date, cast('0001-01-01' as date)) as event_date,
        {{ rows_fingerprint(['account_key', 'customer_key']) }} as fingerprint
    from accounts
    group by coalesce(first_seen_date, cast('0001-01-01' as date))

    union all

    select
        'merge' as kind,
        merged_date as event_date,
        {{ rows_fingerprint(['customer_key', 'account_key']) }} as fingerprint
    from merged_accounts
    where merged_date > cast('0001-01-01' as date)
    group by merged_date

    union all

    select
        'receipt' as kind,
        cast(sent_at as date) as event_date,
        {{ rows_fingerprint(['touch_id', 'customer_key', 'campaign_id', 'delivered_at']) }} as fingerprint
    from touches
    group by cast(sent_at as date)

    union all

    select
        'engagement' as kind,
        cast(events.occurred_at as date) as event_date,
        {{ rows_fingerprint([
            'events.event_key', 'events.account_key', 'accounts.customer_key', 'events.event_type', 'events.object_id',
            'events.occurred_at'
        ]) }} as fingerprint
    from events
    left join accounts on events.account_key = accounts.account_key
    group by cast(events.occurred_at as date)

    union all

    select
        'group' as kind,
        cast(joined_at as date) as event_date,
        {{ rows_fingerprint(["'joined'", 'stay_key', 'customer_key']) }} as fingerprint
    from group_stays
    group by cast(joined_at as date)

    union all

    select
        'group' as kind,
        cast(left_at as date) as event_date,
        {{ rows_fingerprint(["'left'", 'stay_key', 'customer_key']) }} as fingerprint
    from group_stays
    where left_at is not null
    group by cast(left_at as date)

    union all

    select
        'contact' as kind,
        cast(contacts.added_at as date) as event_date,
        {{ rows_fingerprint([
            'contacts.account_key', 'accounts.customer_key', 'contacts.employee_id', 'contacts.added_at'
        ]) }} as fingerprint
    from contacts
    left join accounts on contacts.account_key = accounts.account_key
    where contacts.added_at is not null
    group by cast(contacts.added_at as date)

    union all

    select
        'removal' as kind,
        cast(occurred_at as date) as event_date,
        {{ rows_fingerprint(['account_key', 'employee_id', 'event_kind', 'occurred_at']) }} as fingerprint
    from contact_events
    group by cast(occurred_at as date)

    union all

    select
        'card' as kind,
        cast(cards.joined_at as date) as event_date,
        {{ rows_fingerprint([
            'cards.account_key', 'accounts.customer_key', 'cards.card_status', 'cards.store_id', 'cards.phone_token'
        ]) }} as fingerprint
    from cards
    left join accounts on cards.account_key = accounts.account_key
    where cards.joined_at is not null
    group by cast(cards.joined_at as date)

    union all

    select
        'points' as kind,
        cast(points.occurred_at as date) as event_date,
        {{ rows_fingerprint([
            'points.entry_key', 'points.account_key', 'accounts.customer_key', 'points.points_delta', 'points.occurred_at'
        ]) }} as fingerprint
    from points
    left join accounts on points.account_key = accounts.account_key
    group by cast(points.occurred_at as date)
),

int_campaign_events_fingerprinted as (
    select
        kind,
        event_date,
        sum(fingerprint) as fingerprint
    from dated
    group by kind, event_date
)

select * from int_campaign_events_fingerprinted
