-- One row per day and kind of event that only audience templates read, with the fingerprint of the day's events.
-- Trap: kind `state` is what an order line is now, under the day on which it was ordered: exports date no change but shipping, so
-- that what was shipped is a paid line until that day; kind `detail` is where a sale came from, which platforms fill in later;
-- kind `order` is what lists tell of a known customer's order, paid or not.
{# Kind, rows, day, and what is read of them: whose they are is said by their accounts where they do not say it. -#}
{% set kinds = [
    ('state', 'open_lines', 'cast(created_at as date)', [
        'order_line_key', 'order_id', 'customer_key', 'product_id', 'order_kind', 'list_amount', 'created_at', 'paid_at',
        "case when paid_at is null or shipped_at is null then order_status else 'paid' end",
        "case when order_status = 'closed' then completed_at end"
    ]),
    ('state', 'shipped_lines', 'cast(shipped_at as date)', ["'shipped'", 'order_line_key']),
    ('detail', 'order_lines', 'paid_date', [
        'order_line_key', 'shop_id', 'influencer_key', 'influencer_name', 'sku_id', 'merchant_code', 'traffic_source',
        'traffic_format'
    ]),
    ('order', 'orders', 'cast(created_at as date)', [
        'order_line_key', 'order_id', 'customer_key', 'product_id', 'order_kind', 'list_amount', 'influencer_key',
        'influencer_name', 'traffic_format'
    ]),
    ('birthday', 'birthdays', 'cast(joined_at as date)', ['membership_key', 'customer_key', 'birthday']),
    ('level', 'levels', 'valid_from', ['account_key', 'customer_key', 'membership_key', 'member_level']),
    ('phone', 'identifiers', "cast(coalesce(valid_from, cast('0001-01-01' as timestamp)) as date)", [
        'customer_key', 'identifier_key', 'valid_to'
    ]),
    ('account', 'accounts', "coalesce(first_seen_date, cast('0001-01-01' as date))", ['account_key', 'customer_key']),
    ('merge', 'merged_accounts', 'merged_date', ['customer_key', 'account_key']),
    ('receipt', 'touches', 'cast(sent_at as date)', ['touch_id', 'customer_key', 'campaign_id', 'delivered_at']),
    ('engagement', 'events', 'cast(events.occurred_at as date)', [
        'events.event_key', 'events.account_key', 'accounts.customer_key', 'events.event_type', 'events.object_id',
        'events.occurred_at'
    ]),
    ('group', 'group_stays', 'cast(joined_at as date)', ["'joined'", 'stay_key', 'customer_key']),
    ('group', 'group_stays', 'cast(left_at as date)', ["'left'", 'stay_key', 'customer_key']),
    ('contact', 'contacts', 'cast(contacts.added_at as date)', [
        'contacts.account_key', 'accounts.customer_key', 'contacts.employee_id', 'contacts.added_at'
    ]),
    ('removal', 'contact_events', 'cast(occurred_at as date)', ['account_key', 'employee_id', 'event_kind', 'occurred_at']),
    ('card', 'cards', 'cast(cards.joined_at as date)', [
        'cards.account_key', 'accounts.customer_key', 'cards.card_status', 'cards.store_id', 'cards.phone_token'
    ]),
    ('points', 'points', 'cast(points.occurred_at as date)', [
        'points.entry_key', 'points.account_key', 'accounts.customer_key', 'points.points_delta', 'points.occurred_at'
    ])
] -%}

with order_lines as (
    select * from {{ ref('int_order_lines_unioned') }}
),

birthdays as (
    select * from {{ ref('int_memberships_unioned') }}
    where birthday is not null
),

levels as (
    select * from {{ ref('int_membership_levels_dated') }}
),

identifiers as (
    select * from {{ ref('int_identifiers_matched') }}
    where id_type = 'phone'
),

merged_accounts as (
    select * from {{ ref('int_customers_merged') }}
    where merged_date > cast('0001-01-01' as date)
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

open_lines as (
    select * from order_lines
    where
        order_status in ('placed', 'paid')
        or shipped_at is not null
        or cast(paid_at as date) > cast(created_at as date)
        or (order_status = 'closed' and cast(completed_at as date) > cast(created_at as date))
),

orders as (
    select * from order_lines
    where customer_key is not null
),

shipped_lines as (
    select * from order_lines
    where shipped_at is not null
),

dated as (
    {%- for kind, rows, day, columns in kinds %}
    select
        '{{ kind }}' as kind,
        {{ day }} as event_date,
        {{ rows_fingerprint([day] + columns) }} as fingerprint
    from {{ rows }}
    {{- ' left join accounts on %s.account_key = accounts.account_key' % rows if 'accounts.customer_key' in columns }}
    where {{ day }} is not null
    group by {{ day }}
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}
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
