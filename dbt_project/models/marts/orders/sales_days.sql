-- One row per business day with sales or refunds, and the fingerprint of what its figures are made of.
-- Trap: a day's fingerprint covers the sales paid on it (with all their refunds) and the refunds that succeeded on it: tables by
-- pay day are rebuilt for a day when it changes, and for no other. It also covers of which platforms refunds are told.
with order_lines as (
    select * from {{ ref('order_lines') }}
),

refunds as (
    select * from {{ ref('refunds') }}
),

refund_feeds as (
    select * from {{ ref('scoped_feeds') }}
    where feed = 'refunds' and platform <> 'all' and shop_id = 'all'
),

events as (
    select
        paid_date as business_date,
        {{ rows_fingerprint([
            'order_line_key', 'order_key', 'shop_id', 'customer_key', 'product_id', 'product_name', 'influencer_key', 'quantity',
            'paid_amount', 'refunded_amount', 'is_fully_refunded', 'is_member_at_order', 'is_first_order', 'traffic_source', 'traffic_type',
            'traffic_format', 'traffic_channel'
        ]) }} as fingerprint
    from order_lines
    where is_valid
    group by paid_date

    union all

    select
        refunded_date as business_date,
        {{ rows_fingerprint(["'refunded'", 'refund_key', 'order_line_key', 'shop_id', 'counted_amount']) }} as fingerprint
    from refunds
    where counted_amount > 0 and is_of_valid_line
    group by refunded_date
),

days as (
    select
        business_date,
        sum(fingerprint) as fingerprint
    from events
    group by business_date
)

select
    days.business_date,
    cast(max(days.fingerprint) + {{ rows_fingerprint(["'refunds told'", 'refund_feeds.platform']) }} as varchar) as fingerprint
from days
left join refund_feeds on {{ holds_on('days.business_date', 'refund_feeds', 'begun_date', 'ended_date') }}
group by days.business_date
